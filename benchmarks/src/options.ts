import { parseArgs } from "node:util";
import { SECTIONS } from "./sections.ts";

/** What the command was asked to do. */
export interface BenchOptions {
  readonly sections: readonly string[];
  readonly quick: boolean;
}

export const USAGE = `usage: npm run bench -- [--only SECTION,...] [--quick]

  --only   these sections only: ${SECTIONS.map(({ id }) => id).join(", ")}
  --quick  see that they work, with a tenth of the effort; results go to .cache/quick`;

/** @throws Error saying what is wrong */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== "--"),
    options: { only: { type: "string" }, quick: { type: "boolean", default: false } },
  });
  const known = SECTIONS.map(({ id }) => id);
  const sections = values.only === undefined ? known : values.only.split(",");
  for (const id of sections) {
    if (!known.includes(id)) throw new Error(`no section ${id}; there are ${known.join(", ")}`);
  }
  return { sections: known.filter((id) => sections.includes(id)), quick: values.quick };
}

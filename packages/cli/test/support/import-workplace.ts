import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { type CliResult, cli, temporaryDirectory } from "./cli.ts";

interface Workplace {
  readonly directory: string;
  file(name: string, contents: string | Uint8Array): string;
  /** Imports files into the collection `docs` of a directory. */
  load(args: readonly string[], input?: string): Promise<CliResult>;
  /** Everything that the collection holds, by id. */
  stored(): Promise<Map<string, { id: string; vector: number[]; payload: Record<string, string> }>>;
}

export function workplace(): Workplace {
  const directory = temporaryDirectory();
  const path = join(directory, "data");
  return {
    directory,
    file(name, contents) {
      writeFileSync(join(directory, name), contents);
      return join(directory, name);
    },
    load: (args, input) =>
      cli(["import", ...args, "-c", "docs", "--create", "--path", path, "--json"], { cwd: directory, input }),
    async stored() {
      const { code, stdout, stderr } = await cli(["export", "docs", "--path", path]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return new Map(
        stdout
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line))
          .map((point) => [point.id, point]),
      );
    },
  };
}

export function rejectedIn(file: string): Record<string, unknown>[] {
  return readFileSync(`${file}.docs.rejected.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

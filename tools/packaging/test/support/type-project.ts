import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { run } from "../../src/packages/run.ts";
import { writeFiles } from "./installation.ts";

const require = createRequire(import.meta.url);

/** The ends of the range of TypeScript that declarations are made for, as aliases in package.json. */
export const COMPILERS = { oldest: "typescript-oldest", newest: "typescript-newest" } as const;

/** How a user's project is configured: everything strict, and declarations of packages checked as well. */
export interface TypeProject {
  readonly compiler: keyof typeof COMPILERS;
  readonly resolution: "node16" | "nodenext" | "bundler";
  /** `["node"]` where Node's types are installed. */
  readonly types: readonly string[];
  readonly lib: readonly string[];
}

/** What it cost the compiler to check a program. */
export interface TypeCost {
  /** How many types were made from generic ones. */
  readonly instantiations: number;
  /** How many types there are in all. */
  readonly types: number;
}

/** Compiles files of an installed project without output; rejects with what the compiler says. */
export async function compile(
  folder: string,
  files: Readonly<Record<string, string>>,
  { compiler, resolution, types, lib }: TypeProject,
): Promise<TypeCost> {
  const config = {
    compilerOptions: {
      target: "es2022",
      module: resolution === "bundler" ? "esnext" : resolution,
      moduleResolution: resolution,
      lib,
      types,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: false,
      skipLibCheck: false,
      noEmit: true,
    },
    files: Object.keys(files),
  };
  writeFiles(folder, { ...files, "tsconfig.json": JSON.stringify(config) });
  const manifest = require.resolve(`${COMPILERS[compiler]}/package.json`);
  const compilerFile = join(dirname(manifest), "bin/tsc");
  const output = await run(process.execPath, [compilerFile, "-p", ".", "--extendedDiagnostics"], { folder });
  return { instantiations: diagnostic(output, "Instantiations"), types: diagnostic(output, "Types") };
}

function diagnostic(output: string, name: string): number {
  const count = new RegExp(`^${name}:\\s+(\\d+)$`, "m").exec(output)?.[1];
  if (count === undefined) throw new Error(`the compiler does not say ${name}:\n${output}`);
  return Number(count);
}

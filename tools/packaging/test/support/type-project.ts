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

/** Compiles files of an installed project without output; rejects with what the compiler says. */
export async function compile(
  folder: string,
  files: Readonly<Record<string, string>>,
  { compiler, resolution, types, lib }: TypeProject,
): Promise<void> {
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
  await run(process.execPath, [join(dirname(manifest), "bin/tsc"), "-p", "."], { folder });
}

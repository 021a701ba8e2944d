import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { built } from "./built.ts";
import { JOB_TIMEOUT_MS, parseResults, type Runtime } from "./runtime.ts";

const require = createRequire(import.meta.url);
const execute = promisify(execFile);

/** How a runtime's program is found and called. */
export interface Executable {
  readonly title: string;
  /** The file, as packages are resolved. */
  readonly file: string;
  /** What stands before the program's name. */
  readonly args?: readonly string[];
}

/** The runtimes that load packages from `node_modules`. */
export const EXECUTABLES = {
  node20: { title: "Node 20", file: process.execPath },
  node22: { title: "Node 22", file: "node22/bin/node" },
  node24: { title: "Node 24", file: "node24/bin/node" },
  bun: { title: "Bun", file: "@oven/bun-linux-x64/bin/bun" },
  deno: { title: "Deno", file: "@deno/linux-x64-glibc/deno", args: ["run", "-A"] },
} as const satisfies Record<string, Executable>;

/** A runtime that loads packages from `node_modules`: one process for each job. */
export function processRuntime({ title, file, args = [] }: Executable): Runtime {
  return {
    title,
    missing: () => missing({ title, file }),
    async start() {
      return {
        run: async (job) => {
          const stdout = await runBuilt({ title, file, args }, "program/program.js", JSON.stringify(job));
          return parseResults(stdout);
        },
        close: async () => undefined,
      };
    },
  };
}

/** Why a runtime is not there, if it is not. */
export function missing({ title, file }: Executable): string | undefined {
  try {
    require.resolve(file);
    return undefined;
  } catch {
    return `${title} is not installed: its package is for Linux on x64 only`;
  }
}

/** What a program of this package's build prints, in a process of its own, until it ends. */
export async function runBuilt(
  { file, args = [] }: Executable,
  path: string,
  argument: string,
): Promise<string> {
  const limits = { timeout: JOB_TIMEOUT_MS, maxBuffer: 2 ** 26 };
  const { stdout } = await execute(require.resolve(file), [...args, built(path), argument], limits);
  return stdout;
}

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

/** A runtime that loads packages from `node_modules`: one process for each job. */
export function processRuntime({ title, file, args = [] }: Executable): Runtime {
  return {
    title,
    missing() {
      try {
        require.resolve(file);
        return undefined;
      } catch {
        return `${title} is not installed: its package is for Linux on x64 only`;
      }
    },
    async start() {
      return {
        run: async (job) => {
          const command = [...args, built("program/program.js"), JSON.stringify(job)];
          const limits = { timeout: JOB_TIMEOUT_MS, maxBuffer: 2 ** 26 };
          const { stdout } = await execute(require.resolve(file), command, limits);
          return parseResults(stdout);
        },
        close: async () => undefined,
      };
    },
  };
}

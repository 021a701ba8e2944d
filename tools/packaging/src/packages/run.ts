import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Where and how a program runs. */
export interface RunOptions {
  readonly folder: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

const execute = promisify(execFile);

/** What a program wrote, and how it ended, when it failed. */
interface Failure {
  readonly code?: unknown;
  readonly signal?: unknown;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
}

/** Runs a program to its end, and gives what it wrote to standard output; rejects with all it wrote if it fails. */
export async function run(
  command: string,
  args: readonly string[],
  { folder, environment }: RunOptions,
): Promise<string> {
  const env = { ...process.env, ...environment };
  const shell = process.platform === "win32";
  try {
    const { stdout } = await execute(command, args, { cwd: folder, env, maxBuffer: 2 ** 28, shell });
    return stdout;
  } catch (error) {
    const { code, signal, stdout, stderr } = error as Failure;
    const end = `${command} ${args.join(" ")} ended with ${code ?? signal} in ${folder}`;
    throw new Error(`${end}:\n${stdout ?? ""}${stderr ?? ""}`, { cause: error });
  }
}

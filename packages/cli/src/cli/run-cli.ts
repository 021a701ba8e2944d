import { CommanderError } from "commander";
import { describeFailure } from "../output/describe-failure.ts";
import { Output } from "../output/output.ts";
import { EXIT } from "./exit-codes.ts";
import { createProgram } from "./program.ts";

/** Runs one command line and ends the process with its exit code. */
export async function runCli(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", leaveQuietly);
  process.stderr.on("error", leaveQuietly);
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = await exitCodeOf(error, argv);
  }
  await flush();
  // A connection that is still being opened would hold the process for minutes.
  process.exit();
}

async function exitCodeOf(error: unknown, argv: readonly string[]): Promise<number> {
  // Commander has printed what is wrong, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const has = (flag: string) => argv.includes(flag);
  const out = new Output({
    json: has("--json"),
    color: has("--no-color") ? false : undefined,
    env: process.env,
  });
  const failure = await describeFailure(error);
  out.failure(failure, has("--debug") ? error : undefined);
  return failure.exitCode;
}

/** `vectron ... | head` closes the pipe early: that is no failure to tell of. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
}

async function flush(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write("", () => resolve()));
  }
}

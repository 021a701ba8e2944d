import { UsageError } from "../cli/usage-error.ts";

/** Whether there is somebody to ask. */
function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Asks whether to go on.
 *
 * @param flag - the option that answers in advance, for runs with nobody to ask
 */
export async function confirm(message: string, flag: string): Promise<boolean> {
  if (!isInteractive()) throw new UsageError(`there is no terminal to ask on: pass ${flag}`);
  const { confirm: ask } = await import("@clack/prompts");
  return (await ask({ message, initialValue: false, output: process.stderr })) === true;
}

/** Asks for a line of text. */
export async function askText(message: string, flag: string): Promise<string> {
  if (!isInteractive()) throw new UsageError(`there is no terminal to ask on: pass ${flag}`);
  const { text } = await import("@clack/prompts");
  return answered(await text({ message, output: process.stderr }));
}

/** Asks for a password, which is not shown. */
export async function askPassword(message: string, flag: string): Promise<string> {
  if (!isInteractive()) throw new UsageError(`there is no terminal to ask on: pass ${flag}`);
  const { password } = await import("@clack/prompts");
  return answered(await password({ message, output: process.stderr }));
}

function answered(answer: string | symbol | undefined): string {
  if (typeof answer === "string" && answer !== "") return answer;
  throw new UsageError("nothing was entered");
}

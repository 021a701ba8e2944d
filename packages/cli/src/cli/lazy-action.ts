import type { Command } from "commander";
import { type Context, createContext, type GlobalOptions } from "./context.ts";

/** The body of a command, in a module that is loaded when the command is given. */
export interface CommandModule<T> {
  /** @returns the exit code */
  run(context: Context, options: T, args: readonly string[]): Promise<number>;
}

/** Joins a command to its body, so that help and other commands do not load it. */
export function lazyAction<T>(command: Command, load: () => Promise<CommandModule<T>>): Command {
  return command.action(async () => {
    const options = command.optsWithGlobals<T & GlobalOptions>();
    const args = command.processedArgs.flat().filter((arg) => arg !== undefined) as string[];
    const { run } = await load();
    process.exitCode = await run(createContext(options), options, args);
  });
}

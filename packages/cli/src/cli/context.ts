import { Output } from "../output/output.ts";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean | undefined;
  readonly debug?: boolean | undefined;
  /** False with `--no-color`. */
  readonly color?: boolean | undefined;
}

/** What a command has to work with. */
export interface Context {
  readonly out: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly debug: boolean;
}

export function createContext(options: GlobalOptions): Context {
  const { env } = process;
  const color = options.color === false ? false : undefined;
  return { out: new Output({ json: options.json === true, color, env }), env, debug: options.debug === true };
}

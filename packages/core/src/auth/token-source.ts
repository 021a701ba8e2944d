import { InvalidArgumentError } from "../errors/error-classes.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";

/** What a call that wants a token may wait for. */
export interface TokenWait {
  readonly refused?: string | undefined;
  readonly patienceMs: number;
}

/** Where the calls' tokens come from. */
export interface TokenSource {
  /**
   * The token to send; undefined: none. A promise only where one has to be waited
   * for. Rejects with an `AuthenticationError`.
   *
   * @param wait.refused - the token that a server has just refused
   * @param wait.patienceMs - how long to wait for the next token where the present one is still good
   */
  token(signal: AbortSignalLike, wait: TokenWait): string | undefined | Promise<string | undefined>;
  /** Whether calls carry a token at all. */
  readonly sendsToken: boolean;
  /** Whether asking again can give another token. */
  readonly renewable: boolean;
}

/** The same token for ever, or none. */
export function staticToken(token: string | undefined): TokenSource {
  return { token: () => token, sendsToken: token !== undefined, renewable: false };
}

/** Returns `value` if it can be sent as a bearer token. The message never shows it. */
export function requireToken(argument: string, value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw new InvalidArgumentError(`${argument} must be a non-empty string`);
  }
  if (/^bearer(\s|$)/i.test(value)) {
    throw new InvalidArgumentError(`${argument} must be the bare token, without "Bearer" before it`);
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new InvalidArgumentError(`${argument} must be printable ASCII without spaces or line ends`);
  }
  return value;
}

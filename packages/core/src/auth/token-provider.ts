import type { AbortSignalLike } from "../runtime/web-globals.ts";

/** A token, and until when it is good. */
export interface AccessToken {
  /** Sent as `authorization: Bearer <token>`. */
  readonly token: string;
  /** In milliseconds since 1970. Default: good until a server refuses it. */
  readonly expiresAtMs?: number | undefined;
  /**
   * When to ask for the next one while this one is still good, in milliseconds
   * since 1970. Default: up to a minute before it expires.
   */
  readonly renewAtMs?: number | undefined;
}

/** What a token provider is told. */
export interface TokenRequest {
  /** Aborted when nobody waits for the token any more. */
  readonly signal: AbortSignalLike;
  /** The token that a server has just refused, so that it is not handed out again; else undefined. */
  readonly refused: string | undefined;
}

/** Gets a token: from a secret store, an identity provider, a login. */
export type TokenProvider = (request: TokenRequest) => string | AccessToken | Promise<string | AccessToken>;

import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata, TransportFailure } from "@vectron/core";
import { failure } from "../service/failures.ts";

/** Lets a call with these headers pass, or throws the `TransportFailure` that refuses it. */
export type Guard = (headers: Metadata) => void;

const PREFIX = "Bearer";

/**
 * Asks for a token, in the words of a stock server. As there, the prefix is cut
 * off where it stands and white space around what is left does not count, so
 * `Bearer X`, `BearerX` and `X` are the same, and `bearer X` is another.
 */
export function requireToken(apiKey: string): Guard {
  const expected = digest(apiKey);
  return ({ authorization }) => {
    if (authorization === undefined) throw unauthenticated("missing Authorization header");
    const token = (
      authorization.startsWith(PREFIX) ? authorization.slice(PREFIX.length) : authorization
    ).trim();
    if (token === "") throw unauthenticated("invalid Authorization format");
    if (!timingSafeEqual(digest(token), expected)) throw unauthenticated("invalid or expired token");
  };
}

/** Digests are of one length, so that comparing them takes one time, whatever the token. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function unauthenticated(message: string): TransportFailure {
  return failure("UNAUTHENTICATED", message);
}

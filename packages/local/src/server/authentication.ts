import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata, TransportFailure } from "@vectron/core";
import { failure } from "../service/failures.ts";
import { verifyToken } from "./json-web-token.ts";
import type { ResolvedServerOptions } from "./resolve-options.ts";

/** Finds out which user calls with these headers, or throws the `TransportFailure` that refuses the call. */
export type Authenticate = (headers: Metadata) => string;

/** Who calls where nobody is told from another. */
const ONLY_USER = "";

/** How a server with these options finds out who calls. */
export function authentication({ apiKey, jwtSecret }: ResolvedServerOptions): Authenticate {
  if (jwtSecret !== undefined) return requireSignedToken(jwtSecret);
  return apiKey === undefined ? () => ONLY_USER : requireToken(apiKey);
}

/** Asks for one token. */
export function requireToken(apiKey: string): Authenticate {
  const expected = digest(apiKey);
  return (headers) => {
    if (!timingSafeEqual(digest(tokenOf(headers)), expected)) throw invalidToken();
    return ONLY_USER;
  };
}

/**
 * Asks for a JSON Web Token that was signed with the secret.
 *
 * @param now - the time in milliseconds since 1970
 */
export function requireSignedToken(secret: string, now: () => number = Date.now): Authenticate {
  return (headers) => {
    const claims = verifyToken(tokenOf(headers), secret, now());
    if (claims === undefined) throw invalidToken();
    return claims.userId;
  };
}

const PREFIX = "Bearer";

/**
 * The token of a call, or a refusal in the words of a stock server. As there, the
 * prefix is cut off where it stands and white space around what is left does not
 * count, so `Bearer X`, `BearerX` and `X` are the same, and `bearer X` is another.
 */
function tokenOf({ authorization }: Metadata): string {
  if (authorization === undefined) throw unauthenticated("missing Authorization header");
  const token = (
    authorization.startsWith(PREFIX) ? authorization.slice(PREFIX.length) : authorization
  ).trim();
  if (token === "") throw unauthenticated("invalid Authorization format");
  return token;
}

/** Digests are of one length, so that comparing them takes one time, whatever the token. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function invalidToken(): TransportFailure {
  return unauthenticated("invalid or expired token");
}

function unauthenticated(message: string): TransportFailure {
  return failure("UNAUTHENTICATED", message);
}

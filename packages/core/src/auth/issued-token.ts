import { webGlobals } from "../runtime/web-globals.ts";
import type { AccessToken } from "./token-provider.ts";

/**
 * A JSON Web Token that a server has just issued, with the time until which it is
 * good: its claim `exp` (RFC 7519 section 4.1.4). The token is not verified, which
 * is its receiver's business.
 *
 * Where the token says when it was issued (`iat`), only its life is taken from the
 * server, and counted from `requestedAtMs`: the two clocks need not agree.
 *
 * @param requestedAtMs - when the server was asked for it, in milliseconds since 1970
 */
export function issuedToken(token: string, requestedAtMs: number): AccessToken {
  const { exp, iat } = readTimes(token);
  if (exp === undefined) return { token };
  return { token, expiresAtMs: iat === undefined ? exp * 1_000 : requestedAtMs + (exp - iat) * 1_000 };
}

/** Times of a token, in seconds since 1970. */
interface TokenTimes {
  readonly exp?: number | undefined;
  readonly iat?: number | undefined;
}

/** What a token says of its times; nothing, if it is no JSON Web Token. */
function readTimes(token: string): TokenTimes {
  try {
    const payload = token.split(".")[1] ?? "";
    const claims = JSON.parse(webGlobals.atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return { exp: finite(claims.exp), iat: finite(claims.iat) };
  } catch {
    return {};
  }
}

function finite(value: unknown): number | undefined {
  return Number.isFinite(value) ? (value as number) : undefined;
}

import { createHmac, timingSafeEqual } from "node:crypto";

/** What a token says, as far as this server asks. */
export interface Claims {
  /** Empty where the token names nobody. */
  readonly userId: string;
}

/** The signatures that a stock server takes: HMAC with each of these hashes (RFC 7518 section 3.2). */
const HASHES: ReadonlyMap<unknown, string> = new Map([
  ["HS256", "sha256"],
  ["HS384", "sha384"],
  ["HS512", "sha512"],
]);

/** By how many seconds the clocks of who issues and who checks a token may differ. */
const LEEWAY_SECONDS = 5;

// Signed tokens in their compact form: three parts in base64url without padding (RFC 7515 section 7.1).
const COMPACT_FORM = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * The claims of a JSON Web Token that was signed with the secret and is good now.
 * As on a stock server, one without `exp` never expires, and nobody asks who
 * issued it or for whom.
 *
 * @param nowMs - in milliseconds since 1970
 * @returns undefined for anything else
 */
export function verifyToken(token: string, secret: string, nowMs: number): Claims | undefined {
  const [, header = "", payload = "", signature = ""] = COMPACT_FORM.exec(token) ?? [];
  const hash = HASHES.get(readObject(header)?.alg);
  if (hash === undefined) return undefined;
  const expected = createHmac(hash, secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return checkClaims(readObject(payload), nowMs / 1_000);
}

function checkClaims(claims: Record<string, unknown> | undefined, now: number): Claims | undefined {
  if (claims === undefined) return undefined;
  const { exp = Number.POSITIVE_INFINITY, nbf = Number.NEGATIVE_INFINITY, user_id: userId = "" } = claims;
  if (typeof exp !== "number" || typeof nbf !== "number" || typeof userId !== "string") return undefined;
  return now < exp + LEEWAY_SECONDS && now >= nbf - LEEWAY_SECONDS ? { userId } : undefined;
}

function readObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

import { createHmac } from "node:crypto";
import { InvalidArgumentError } from "@vectron/core";
import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { requireSignedToken } from "../../src/server/authentication.ts";
import { limitRate } from "../../src/server/rate-limit.ts";
import { resolveServerOptions } from "../../src/server/resolve-options.ts";
import type { StartServerOptions } from "../../src/server/server-options.ts";

const SECRET = "a-secret-that-is-32-bytes-long!!";
const NOW = Date.UTC(2025, 0, 1);
const NOW_SECONDS = NOW / 1_000;

const authenticate = requireSignedToken(SECRET, () => NOW);

/** A token as another implementation signs it. */
function sign(claims: object, { alg = "HS256", secret = SECRET } = {}): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg, typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}

/** A token of whatever parts, with a signature that is right. */
function signText(header: string, payload: string): string {
  const text = [header, payload].map((part) => Buffer.from(part).toString("base64url")).join(".");
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
}

const refusalOf = (authorization: string | undefined) => {
  try {
    authenticate(authorization === undefined ? {} : { authorization });
    return "none";
  } catch (error) {
    expect(error).toMatchObject({ code: "UNAUTHENTICATED" });
    return (error as Error).message;
  }
};

const INVALID = "invalid or expired token";

describe("a signed token", () => {
  it.each(["HS256", "HS384", "HS512"])("is taken with %s, and names its user", async (alg) => {
    const token = await sign({ user_id: "user-1", exp: NOW_SECONDS + 1 }, { alg });
    expect(authenticate({ authorization: `Bearer ${token}` })).toBe("user-1");
    expect(authenticate({ authorization: token })).toBe("user-1");
    expect(refusalOf(`bearer ${token}`)).toBe(INVALID);
  });

  it.each<[string, object]>([
    ["without a time, for ever", {}],
    ["whoever issued it, for whomever", { iss: "x", aud: "y", sub: "z", iat: NOW_SECONDS + 1_000 }],
    ["up to 5 seconds after its end", { exp: NOW_SECONDS - 4.999 }],
    ["up to 5 seconds before its beginning", { nbf: NOW_SECONDS + 5 }],
    ["without a user", { user_id: undefined }],
  ])("is taken %s", async (_what, claims) => {
    expect(refusalOf(await sign(claims))).toBe("none");
  });

  it.each<[string, () => Promise<string> | string]>([
    ["5 seconds after its end", () => sign({ exp: NOW_SECONDS - 5 })],
    ["more than 5 seconds before its beginning", () => sign({ nbf: NOW_SECONDS + 5.001 })],
    ["with another secret", () => sign({}, { secret: "another-secret-of-32-bytes-long!" })],
    ["without a signature", () => new UnsecuredJWT({ user_id: "user-1" }).encode()],
    ["that names no signature", () => signText('{"alg":"none"}', "{}")],
    ["that names another kind of signature", () => signText('{"alg":"RS256"}', "{}")],
    ["that names a property of every object", () => signText('{"alg":"constructor"}', "{}")],
    ["whose header is no object", () => signText("null", "{}")],
    ["whose header is no JSON", () => signText("{", "{}")],
    ["whose claims are no object", () => signText('{"alg":"HS256"}', "[]")],
    ["whose claims are no JSON", () => signText('{"alg":"HS256"}', "claims")],
    [
      "whose end is no number",
      () => sign({ exp: "tomorrow" } as never).catch(() => signText('{"alg":"HS256"}', '{"exp":"tomorrow"}')),
    ],
    ["whose user is no text", () => signText('{"alg":"HS256"}', '{"user_id":5}')],
    ["with a part too many", async () => `${await sign({})}.AAAA`],
    ["with padding", async () => `${await sign({})}=`],
    ["that is a raw API key", () => "vkey-12345678-1234"],
  ])("is refused %s", async (_what, make) => {
    expect(refusalOf(`Bearer ${await make()}`)).toBe(INVALID);
  });

  it("is refused with any one character changed", async () => {
    const token = await sign({ user_id: "user-1" });
    for (let i = 0; i < token.length - 1; i++) {
      const changed = token.slice(0, i) + (token[i] === "A" ? "B" : "A") + token.slice(i + 1);
      expect(refusalOf(changed)).toBe(INVALID);
    }
  });

  it("is asked for in the words of a stock server", () => {
    expect(refusalOf(undefined)).toBe("missing Authorization header");
    expect(refusalOf("Bearer ")).toBe("invalid Authorization format");
  });
});

describe("the option jwtSecret", () => {
  it.each<[StartServerOptions, string]>([
    [{ jwtSecret: "s3cret-that-is-31-bytes-long!!!" }, "jwtSecret must be a string of at least 32 bytes"],
    [{ jwtSecret: 5 as never }, "jwtSecret must be a string of at least 32 bytes"],
    [{ jwtSecret: SECRET, apiKey: "s3cret" }, "both apiKey and jwtSecret"],
    [{ jwtSecret: SECRET, upstream: "gateway" }, "the gateway there checks the tokens: leave jwtSecret out"],
  ])("is refused: %j", (options, text) => {
    const resolve = () => resolveServerOptions(options);
    expect(resolve).toThrow(InvalidArgumentError);
    expect(resolve).toThrow(text);
    expect(resolve).not.toThrow("s3cret");
  });

  it("counts bytes, and lets a server listen beyond this machine", () => {
    expect(() => resolveServerOptions({ jwtSecret: "ä".repeat(16), host: "0.0.0.0" })).not.toThrow();
  });
});

describe("a rate limit", () => {
  it("counts each user's calls apart", () => {
    let now = 0;
    const limit = limitRate(1, () => now);
    limit("ada");
    limit("eve");
    expect(() => limit("ada")).toThrow("rate limit of 1 RPS exceeded");
    now += 1_000;
    limit("ada");
  });

  it("holds while many users come and go", () => {
    let now = 0;
    const limit = limitRate(1, () => now);
    limit("first");
    for (let i = 0; i < 5_000; i++) {
      now += 0.1;
      limit(`user-${i}`);
    }
    expect(now).toBeLessThan(1_000);
    expect(() => limit("first")).toThrow("exceeded");
    expect(() => limit("user-4999")).toThrow("exceeded");
  });
});

/** A JSON Web Token with these claims. Nobody checks its signature. */
export function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.c2lnbmVk`;
}

export const DAY_MS = 24 * 60 * 60 * 1_000;

/** Numbers tokens, each issued at the time that is given and good for so long. */
export function tokenPress(): (kind: string, nowMs: number, lifeMs: number) => string {
  let number = 0;
  return (kind, nowMs, lifeMs) => {
    number += 1;
    return tokenOf({ kind, number, iat: nowMs / 1_000, exp: (nowMs + lifeMs) / 1_000 });
  };
}

import { createHmac } from "node:crypto";

const HOUR_S = 3_600;

/** A token that a gateway accepts. */
export function goodToken(secret: string): string {
  return sign({ user_id: "someone", exp: Math.floor(Date.now() / 1_000) + HOUR_S }, secret);
}

/** The same token, expired an hour ago. */
export function expired(token: string, secret: string): string {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return sign({ ...claims, exp: Math.floor(Date.now() / 1_000) - HOUR_S }, secret);
}

function sign(claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

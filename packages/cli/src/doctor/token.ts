/** What can be told from a token by looking at it. */
export type TokenKind =
  | { readonly kind: "none" }
  | { readonly kind: "api-key" }
  | { readonly kind: "opaque" }
  | {
      readonly kind: "jwt";
      readonly issuedMs: number | undefined;
      readonly expiresMs: number | undefined;
      /** The prefix of the API key in whose name it was issued. */
      readonly apiKeyPrefix: string | undefined;
    };

export function examineToken(token: string | undefined): TokenKind {
  if (token === undefined) return { kind: "none" };
  if (token.startsWith("vkey-")) return { kind: "api-key" };
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return { kind: "opaque" };
  try {
    const { iat, exp, api_key: key } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const toMs = (seconds: unknown) => (typeof seconds === "number" ? seconds * 1_000 : undefined);
    const apiKeyPrefix = typeof key === "string" && key !== "" ? key : undefined;
    return { kind: "jwt", issuedMs: toMs(iat), expiresMs: toMs(exp), apiKeyPrefix };
  } catch {
    return { kind: "opaque" };
  }
}

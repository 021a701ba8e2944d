import type { Metadata } from "../transport/transport.ts";

const PLACEHOLDER = "[token]";

/** Headers that are a credential whatever they hold. */
const SECRET_HEADERS = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/** A text that must not be shown: a token, a password. Undefined: there is none. */
type Secret = string | undefined;

/** The text without the secrets. */
export function redactText(text: string, ...secrets: readonly Secret[]): string {
  return secrets.reduce<string>(
    (redacted, secret) => (secret ? redacted.replaceAll(secret, PLACEHOLDER) : redacted),
    text,
  );
}

/** The headers without the secrets, and without those that are made for credentials. */
export function redactMetadata(metadata: Metadata, ...secrets: readonly Secret[]): Metadata {
  const kept = Object.entries(metadata).filter(([name]) => !SECRET_HEADERS.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, redactText(value, ...secrets)]));
}

/**
 * The platform's error, as it is unless one in its chain of causes holds a
 * secret: then a likeness of each such error, without it.
 */
export function redactCause(cause: unknown, ...secrets: readonly Secret[]): unknown {
  if (typeof cause === "string") return redactText(cause, ...secrets);
  if (!(cause instanceof Error)) return cause;
  const inner = redactCause(cause.cause, ...secrets);
  if (inner === cause.cause && !mentions(cause, secrets)) return cause;
  const likeness = new Error(
    redactText(cause.message, ...secrets),
    inner === undefined ? undefined : { cause: inner },
  );
  likeness.name = cause.name;
  if (cause.stack !== undefined) likeness.stack = redactText(cause.stack, ...secrets);
  return likeness;
}

function mentions(error: Error, secrets: readonly Secret[]): boolean {
  const texts = [error.message, error.stack, ...Object.values(error)];
  return texts.some((text) => typeof text === "string" && redactText(text, ...secrets) !== text);
}

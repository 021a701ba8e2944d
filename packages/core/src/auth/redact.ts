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
  return redactChain(cause, secrets, new Set());
}

function redactChain(cause: unknown, secrets: readonly Secret[], seen: Set<unknown>): unknown {
  if (typeof cause === "string") return redactText(cause, ...secrets);
  if (!(cause instanceof Error)) return cause;
  // An error may be among its own causes: the chain ends where it would begin anew.
  if (seen.has(cause)) return undefined;
  const inner = redactChain(cause.cause, secrets, seen.add(cause));
  if (inner === cause.cause && !mentions(cause, secrets, DEEPEST)) return cause;
  const likeness = new Error(
    redactText(cause.message, ...secrets),
    inner === undefined ? undefined : { cause: inner },
  );
  likeness.name = cause.name;
  if (cause.stack !== undefined) likeness.stack = redactText(cause.stack, ...secrets);
  return likeness;
}

/** How deep HTTP clients put what they sent into their errors: `error.config.headers.authorization`. */
const DEEPEST = 4;

function mentions(value: unknown, secrets: readonly Secret[], depth: number): boolean {
  if (typeof value === "string") return redactText(value, ...secrets) !== value;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || depth === 0) return false;
  // What errors have that is not enumerable, and everything that is.
  const { message, stack, errors } = value as Partial<AggregateError>;
  return [message, stack, errors, ...Object.values(value)].some((part) => mentions(part, secrets, depth - 1));
}

import type { Metadata } from "../transport/transport.ts";

const PLACEHOLDER = "[token]";

/** Headers that are a credential whatever they hold. */
const SECRET_HEADERS = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/** The text without the token. */
export function redactText(text: string, token: string | undefined): string {
  return token === undefined ? text : text.replaceAll(token, PLACEHOLDER);
}

/** The headers without the token, and without those that are made for credentials. */
export function redactMetadata(metadata: Metadata, token: string | undefined): Metadata {
  const kept = Object.entries(metadata).filter(([name]) => !SECRET_HEADERS.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, redactText(value, token)]));
}

/**
 * The platform's error, as it is unless one in its chain of causes holds the
 * token: then a likeness of each such error, without it.
 */
export function redactCause(cause: unknown, token: string | undefined): unknown {
  if (token === undefined) return cause;
  if (typeof cause === "string") return redactText(cause, token);
  if (!(cause instanceof Error)) return cause;
  const inner = redactCause(cause.cause, token);
  if (inner === cause.cause && !mentions(cause, token)) return cause;
  const likeness = new Error(
    redactText(cause.message, token),
    inner === undefined ? undefined : { cause: inner },
  );
  likeness.name = cause.name;
  if (cause.stack !== undefined) likeness.stack = redactText(cause.stack, token);
  return likeness;
}

function mentions(error: Error, token: string): boolean {
  const texts = [error.message, error.stack, ...Object.values(error)];
  return texts.some((text) => typeof text === "string" && text.includes(token));
}

import { type ErrorCode, TransportFailure, type TransportFailureDetails } from "@vectron/core";

/** What may be known of an error of the platform's. */
export interface PlatformError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
}

/**
 * The error at the end of the chain of causes: Node wraps what happened in a
 * `TypeError: fetch failed`. The chain has an end: an error may be among its own causes.
 */
export function rootCause(error: unknown, depth = 9): PlatformError {
  const own = asObject(error);
  const { cause } = own;
  return depth && typeof cause === "object" && cause ? rootCause(cause, depth - 1) : own;
}

function asObject(error: unknown): PlatformError {
  return typeof error === "object" && error !== null ? error : { message: String(error) };
}

/** The failure that an error of the platform's is: by its name, when the platform itself gave up. */
export function platformFailure(
  error: unknown,
  context: string,
  details: Omit<TransportFailureDetails, "cause">,
): TransportFailure {
  const { message, code } = rootCause(error);
  // Some of Node's errors, those about several addresses, have a code and no text.
  const text = `${context}: ${message || code}`;
  return new TransportFailure(codeOf(asObject(error)), text, { ...details, cause: error });
}

function codeOf({ name }: PlatformError): ErrorCode {
  if (name === "TimeoutError") return "DEADLINE_EXCEEDED";
  return name === "AbortError" ? "CANCELLED" : "UNAVAILABLE";
}

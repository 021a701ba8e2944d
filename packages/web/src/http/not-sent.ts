import { type ErrorCode, TransportFailure } from "@vectron/core";

/** The failure of a call of which nothing was sent. */
export function notSent(code: ErrorCode, message: string, cause?: unknown): TransportFailure {
  return new TransportFailure(code, message, { cause, requestSent: "no" });
}

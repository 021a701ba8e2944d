import { type ErrorCode, TransportFailure, VectronError } from "@vectron/core";

/** A call that the service refuses; it has been received, whatever carried it. */
export function failure(code: ErrorCode, message: string, cause?: unknown): TransportFailure {
  return new TransportFailure(code, message, { cause, requestSent: "yes" });
}

/** What a call failed with, in the one shape: what is no `TransportFailure` is a fault in here. */
export function toFailure(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error;
  if (error instanceof VectronError) return failure(error.code, error.message, error.cause);
  return failure("INTERNAL", error instanceof Error ? error.message : String(error), error);
}

export function invalidArgument(message: string): TransportFailure {
  return failure("INVALID_ARGUMENT", message);
}

export function collectionNotFound(name: string): TransportFailure {
  return failure("NOT_FOUND", `collection '${name}' not found`);
}

export function pointNotFound(id: string): TransportFailure {
  return failure("NOT_FOUND", `vector with id ${id} not found`);
}

export function alreadyExists(name: string): TransportFailure {
  return failure("ALREADY_EXISTS", `collection '${name}' already exists`);
}

import type { ErrorCode } from "../transport/status-code.ts";
import { markClass } from "./identity.ts";
import { VectronError, type VectronErrorDetails } from "./vectron-error.ts";

/** The call was aborted by its caller, or the client was closed. Code `CANCELLED`. */
export class CancelledError extends VectronError {
  static {
    markClass(CancelledError, "CancelledError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("CANCELLED", message, details);
  }
}

/** The server failed without saying how. Code `UNKNOWN`. */
export class UnknownError extends VectronError {
  static {
    markClass(UnknownError, "UnknownError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("UNKNOWN", message, details);
  }
}

/** An argument is wrong; the message names it. Most are found before anything is sent. Code `INVALID_ARGUMENT`. */
export class InvalidArgumentError extends VectronError {
  static {
    markClass(InvalidArgumentError, "InvalidArgumentError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("INVALID_ARGUMENT", message, details);
  }
}

/** The call did not end within its time. A write may have been made all the same. Code `DEADLINE_EXCEEDED`. */
export class DeadlineExceededError extends VectronError {
  static {
    markClass(DeadlineExceededError, "DeadlineExceededError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("DEADLINE_EXCEEDED", message, details);
  }
}

/** The collection, the point, the account or the API key does not exist. Code `NOT_FOUND`. */
export class NotFoundError extends VectronError {
  static {
    markClass(NotFoundError, "NotFoundError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("NOT_FOUND", message, details);
  }
}

/** A collection of that name, or an account of that email, exists. Code `ALREADY_EXISTS`. */
export class AlreadyExistsError extends VectronError {
  static {
    markClass(AlreadyExistsError, "AlreadyExistsError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("ALREADY_EXISTS", message, details);
  }
}

/** The token is valid and does not allow this. Code `PERMISSION_DENIED`. */
export class PermissionDeniedError extends VectronError {
  static {
    markClass(PermissionDeniedError, "PermissionDeniedError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("PERMISSION_DENIED", message, details);
  }
}

/** A rate limit was hit, or a message is too large; `retryable` tells which. Code `RESOURCE_EXHAUSTED`. */
export class ResourceExhaustedError extends VectronError {
  static {
    markClass(ResourceExhaustedError, "ResourceExhaustedError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("RESOURCE_EXHAUSTED", message, details);
  }
}

/** The server is not in a state that allows the call. Code `FAILED_PRECONDITION`. */
export class FailedPreconditionError extends VectronError {
  static {
    markClass(FailedPreconditionError, "FailedPreconditionError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("FAILED_PRECONDITION", message, details);
  }
}

/** The server gave the call up because of a conflict with another. Code `ABORTED`. */
export class AbortedError extends VectronError {
  static {
    markClass(AbortedError, "AbortedError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("ABORTED", message, details);
  }
}

/** An argument lies outside what the server holds. Code `OUT_OF_RANGE`. */
export class OutOfRangeError extends VectronError {
  static {
    markClass(OutOfRangeError, "OutOfRangeError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("OUT_OF_RANGE", message, details);
  }
}

/** The server or the transport does not offer the call. Code `UNIMPLEMENTED`. */
export class UnimplementedError extends VectronError {
  static {
    markClass(UnimplementedError, "UnimplementedError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("UNIMPLEMENTED", message, details);
  }
}

/** The server failed. Code `INTERNAL`. */
export class InternalServerError extends VectronError {
  static {
    markClass(InternalServerError, "InternalServerError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("INTERNAL", message, details);
  }
}

/** No server was reached, or the one reached is not ready. Code `UNAVAILABLE`. */
export class UnavailableError extends VectronError {
  static {
    markClass(UnavailableError, "UnavailableError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("UNAVAILABLE", message, details);
  }
}

/** The server lost or corrupted data. Code `DATA_LOSS`. */
export class DataLossError extends VectronError {
  static {
    markClass(DataLossError, "DataLossError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("DATA_LOSS", message, details);
  }
}

/** The token is missing or was refused, or the token provider failed. Code `UNAUTHENTICATED`. */
export class AuthenticationError extends VectronError {
  static {
    markClass(AuthenticationError, "AuthenticationError");
  }

  constructor(message: string, details?: VectronErrorDetails) {
    super("UNAUTHENTICATED", message, details);
  }
}

/** The class of each code. */
export const ERROR_CLASSES: Readonly<
  Record<ErrorCode, new (message: string, details?: VectronErrorDetails) => VectronError>
> = {
  CANCELLED: CancelledError,
  UNKNOWN: UnknownError,
  INVALID_ARGUMENT: InvalidArgumentError,
  DEADLINE_EXCEEDED: DeadlineExceededError,
  NOT_FOUND: NotFoundError,
  ALREADY_EXISTS: AlreadyExistsError,
  PERMISSION_DENIED: PermissionDeniedError,
  RESOURCE_EXHAUSTED: ResourceExhaustedError,
  FAILED_PRECONDITION: FailedPreconditionError,
  ABORTED: AbortedError,
  OUT_OF_RANGE: OutOfRangeError,
  UNIMPLEMENTED: UnimplementedError,
  INTERNAL: InternalServerError,
  UNAVAILABLE: UnavailableError,
  DATA_LOSS: DataLossError,
  UNAUTHENTICATED: AuthenticationError,
};

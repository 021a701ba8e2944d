import { isMarkedInstance, markClass } from "../errors/identity.ts";
import type { ErrorCode } from "./status-code.ts";
import type { Metadata } from "./transport.ts";

/**
 * Whether the request can have reached the server. `"unknown"` counts as
 * `"yes"` wherever repeating the call could do harm.
 */
export type RequestSent = "no" | "yes" | "unknown";

/** What a transport knows about a call that failed. */
export interface TransportFailureDetails {
  /** Headers and trailers of the reply, if any arrived. Default: none. */
  readonly metadata?: Metadata | undefined;
  /** The platform's own error. */
  readonly cause?: unknown;
  /** Default `"unknown"`. */
  readonly requestSent?: RequestSent | undefined;
}

/**
 * The one shape in which transports report a failed call. Core turns it into a
 * `VectronError`; users never see it. `instanceof` holds across copies of the
 * package, so that a transport may come with another one.
 */
export class TransportFailure extends Error {
  readonly code: ErrorCode;
  readonly metadata: Metadata;
  readonly requestSent: RequestSent;

  static {
    markClass(TransportFailure, "TransportFailure");
  }

  constructor(code: ErrorCode, message: string, details: TransportFailureDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.metadata = details.metadata ?? {};
    this.requestSent = details.requestSent ?? "unknown";
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isMarkedInstance(TransportFailure, value);
  }
}

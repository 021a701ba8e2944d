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
 * `VectronError`; users never see it.
 */
export class TransportFailure extends Error {
  readonly code: ErrorCode;
  readonly metadata: Metadata;
  readonly requestSent: RequestSent;

  constructor(code: ErrorCode, message: string, details: TransportFailureDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "TransportFailure";
    this.code = code;
    this.metadata = details.metadata ?? {};
    this.requestSent = details.requestSent ?? "unknown";
  }
}

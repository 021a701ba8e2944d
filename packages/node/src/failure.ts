import type { StatusObject } from "@grpc/grpc-js";
import {
  type AbortSignalLike,
  type ErrorCode,
  type Metadata,
  type RequestSent,
  TransportFailure,
} from "@vectron/core";
import { statusCodeFromNumber } from "@vectron/core/wire";

/** What is known of a call that ended with anything but OK. */
export interface FailedCall {
  readonly end: StatusObject;
  /** Headers and trailers of the reply; empty when there was none. */
  readonly metadata: Metadata;
  /** Whether an HTTP/2 stream may have been opened for it. */
  readonly mayHaveStarted: boolean;
  /** Where the call went, for the message. */
  readonly endpoint: string;
}

/** Turns the end of a failed call into the failure that the API understands. */
export function toTransportFailure(call: FailedCall): TransportFailure {
  const { end, metadata } = call;
  const code = toErrorCode(end.code);
  if (Object.keys(metadata).length > 0) {
    return new TransportFailure(code, end.details, { metadata, requestSent: "yes" });
  }
  return new TransportFailure(code, describe(call), {
    cause: readPlatformError(end.details),
    requestSent: wasRequestSent(call),
  });
}

/** The failure of a call that this side cancelled. */
export function toCancellation(signal: AbortSignalLike): TransportFailure {
  return signal.aborted
    ? new TransportFailure("CANCELLED", "The call was aborted", { cause: signal.reason })
    : new TransportFailure("CANCELLED", "The client was closed during the call");
}

function toErrorCode(value: number): ErrorCode {
  const code = statusCodeFromNumber(value);
  return code === "OK" ? "UNKNOWN" : code;
}

/**
 * Texts with which grpc-js ends a call that a server has refused unprocessed:
 * HTTP/2 promises this for streams that are reset with REFUSED_STREAM and for those
 * that a GOAWAY leaves out (RFC 9113, sections 6.8 and 8.7).
 */
const REFUSED_UNPROCESSED: ReadonlySet<string> = new Set(["Stream refused by server"]);

function wasRequestSent({ end, mayHaveStarted }: FailedCall): RequestSent {
  return mayHaveStarted && !REFUSED_UNPROCESSED.has(end.details) ? "unknown" : "no";
}

/** grpc-js's report of a connection that could not be made; the first group is the platform's error as text. */
const NO_CONNECTION = /^No connection established\. Last error: (?:Error: )?(.*)\. Resolution note: .*$/s;
/** What grpc-js has for the platform's error when a proxy did not open a connection. */
const NO_ERROR = "undefined";

function describe({ end, endpoint }: FailedCall): string {
  const reason = NO_CONNECTION.exec(end.details)?.[1];
  if (reason === undefined) return end.details;
  return `No connection to ${endpoint}: ${reason === NO_ERROR ? "the proxy did not open one" : reason}`;
}

/** The name of a system error in its place in Node's texts: `connect ECONNREFUSED 127.0.0.1:8081`, `read ECONNRESET`. */
const SYSTEM_ERROR = /^(?:connect|read|write) (E[A-Z]+)\b/;

/** The platform's error, made again from its text, which is all that grpc-js keeps of it. */
function readPlatformError(details: string): Error | undefined {
  const text = NO_CONNECTION.exec(details)?.[1] ?? details;
  const code = SYSTEM_ERROR.exec(text)?.[1];
  if (code !== undefined) return Object.assign(new Error(text), { code });
  return text === details || text === NO_ERROR ? undefined : new Error(text);
}

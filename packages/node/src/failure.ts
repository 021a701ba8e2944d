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
  if (isForeign(call)) return foreignReply(call);
  const reset = RESETS.get(end.details);
  if (reset !== undefined) return resetStream(call, reset);
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

/** grpc-js's text for statuses other than 200, whose codes it has from the status. */
const HTTP_STATUS = /^Received HTTP status code/;

/** Whether something has replied that does not speak gRPC. grpc-js reads even a page as messages. */
function isForeign({ end, metadata }: FailedCall): boolean {
  const type = metadata["content-type"];
  return type !== undefined && !type.startsWith("application/grpc") && !HTTP_STATUS.test(end.details);
}

function foreignReply({ metadata, endpoint }: FailedCall): TransportFailure {
  const text = `What answers at ${endpoint} does not speak gRPC: it sent ${metadata["content-type"]}`;
  return new TransportFailure("INTERNAL", text, { metadata });
}

/**
 * Texts with which grpc-js ends a call whose stream was reset (RST_STREAM), by the
 * code of HTTP/2 that they stand for. Servers that go down, and proxies that lose
 * theirs or want fewer requests, send all of these; grpc-js's own codes for them
 * say that the caller has cancelled, that the server is broken, or that the call
 * was refused untouched, none of which is known.
 */
const RESETS: ReadonlyMap<string, string> = new Map([
  ["Received RST_STREAM with code 0 (Call ended without gRPC status)", "NO_ERROR"],
  ["Received RST_STREAM with code 2 (Internal server error)", "INTERNAL_ERROR"],
  ["Call cancelled", "CANCEL"],
  ["Bandwidth exhausted or memory limit exceeded", "ENHANCE_YOUR_CALM"],
]);

function resetStream({ metadata, endpoint }: FailedCall, reset: string): TransportFailure {
  const began = Object.keys(metadata).length > 0;
  const text = `${endpoint}, or a proxy before it, ended the call ${began ? "within" : "without"} its reply (RST_STREAM ${reset})`;
  return new TransportFailure("UNAVAILABLE", text, { metadata, requestSent: began ? "yes" : "unknown" });
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

import { type Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { type AbortSignalLike, type ErrorCode, type RequestSent, TransportFailure } from "@vectron/core";
import { statusCodeFromNumber } from "@vectron/core/wire";
import type { CallProgress } from "./grpc-call.ts";
import { fromMetadata } from "./metadata.ts";

/** What is known of a call that ended with anything but OK. */
export interface FailedCall {
  readonly status: StatusObject;
  /** The reply's headers, if they came. */
  readonly headers: Metadata | undefined;
  readonly progress: CallProgress;
  /** Where the call went, for the message. */
  readonly endpoint: string;
}

/** Turns the status of a failed call into the failure that the API understands. */
export function toTransportFailure(call: FailedCall): TransportFailure {
  const { code: number, details } = call.status;
  const metadata = fromMetadata(call.headers, call.status.metadata);
  // Every reply has headers; a status without any was made by grpc-js itself.
  if (Object.keys(metadata).length > 0) {
    return new TransportFailure(toErrorCode(number), details, { metadata, requestSent: "yes" });
  }
  return new TransportFailure(toErrorCode(number), describe(call), {
    cause: readPlatformError(details),
    requestSent: wasRequestSent(call),
  });
}

/** The failure of a call that this side cancelled; undefined for any other. */
export function toCancellation(
  end: StatusObject,
  signal: AbortSignalLike,
  closed: boolean,
): TransportFailure | undefined {
  if (end.code !== status.CANCELLED) return undefined;
  if (signal.aborted)
    return new TransportFailure("CANCELLED", "The call was aborted", { cause: signal.reason });
  return closed ? new TransportFailure("CANCELLED", "The client was closed during the call") : undefined;
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

function wasRequestSent({ status: { details }, progress }: FailedCall): RequestSent {
  return progress === "not-started" || REFUSED_UNPROCESSED.has(details) ? "no" : "unknown";
}

/** grpc-js's report of a connection that could not be made; the first group is the platform's error as text. */
const NO_CONNECTION = /^No connection established\. Last error: (?:Error: )?(.*)\. Resolution note: .*$/s;
/** What grpc-js has for the platform's error when a proxy did not open a connection. */
const NO_ERROR = "undefined";

function describe({ status: { details }, endpoint }: FailedCall): string {
  const reason = NO_CONNECTION.exec(details)?.[1];
  if (reason === undefined) return details;
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

import { constants } from "node:http2";
import type { Fault, Promised } from "../fault.ts";
import { HTTP2_ONLY, onFirstStream } from "./over-http2.ts";

/** What a server, or a proxy, sends that goes down or wants to be left alone for now. */
const PASSING: readonly Promised[] = [
  { repetition: ["harmless", "after a look"], ends: "ok", attempts: ["UNAVAILABLE perhaps sent", "OK"] },
  { repetition: ["never"], ends: "UnavailableError", attempts: ["UNAVAILABLE perhaps sent"] },
];

const PROMISES = {
  NO_ERROR: PASSING,
  INTERNAL_ERROR: PASSING,
  CANCEL: PASSING,
  ENHANCE_YOUR_CALM: PASSING,
  // The server promises that it has not looked at the request (RFC 9113, section 8.7).
  REFUSED_STREAM: [{ ends: "ok", attempts: ["UNAVAILABLE not sent", "OK"] }],
  PROTOCOL_ERROR: [{ ends: "InternalServerError", attempts: ["INTERNAL perhaps sent"] }],
  INADEQUATE_SECURITY: [{ ends: "PermissionDeniedError", attempts: ["PERMISSION_DENIED perhaps sent"] }],
} as const satisfies Record<string, readonly Promised[]>;

const CODES = Object.keys(PROMISES) as (keyof typeof PROMISES)[];

export const rstStream: readonly Fault[] = CODES.map((code) => ({
  name: `RST_STREAM ${code}`,
  happens: `The stream of the first request is reset with ${code}, before a reply.`,
  impossible: HTTP2_ONLY,
  stage: onFirstStream((stream) => stream.close(constants[`NGHTTP2_${code}`])),
  promises: PROMISES[code],
}));

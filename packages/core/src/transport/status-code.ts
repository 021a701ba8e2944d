/**
 * The gRPC status codes by name; a code's index is its number on the wire
 * (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
 */
export const STATUS_CODES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** The name of a gRPC status code. */
export type StatusCode = (typeof STATUS_CODES)[number];

/** The name of a failure's status code: any but `OK`. */
export type ErrorCode = Exclude<StatusCode, "OK">;

/** The code that a number on the wire stands for; numbers outside the table are `UNKNOWN`. */
export function statusCodeFromNumber(value: number): StatusCode {
  return STATUS_CODES[value] ?? "UNKNOWN";
}

/** The number that a code has on the wire. */
export function statusCodeToNumber(code: StatusCode): number {
  return STATUS_CODES.indexOf(code);
}

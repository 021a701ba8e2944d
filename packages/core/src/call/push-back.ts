import type { Metadata } from "../transport/transport.ts";

/** What a server asked of its clients: a pause in milliseconds, or no further try at all. */
export type PushBack = number | "stop" | undefined;

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^\d+(\.\d+)?$/;
// Date.parse accepts much that is no HTTP date: bare numbers, and any words before one.
const HTTP_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads `grpc-retry-pushback-ms` (gRPC proposal A6: milliseconds; negative or
 * unreadable means no retry) and `retry-after` (RFC 9110 section 10.2.3: seconds
 * or a date; fractions are common and accepted). Anything else is ignored.
 */
export function readPushBack(metadata: Metadata, now: number): PushBack {
  const pushBackMs = metadata["grpc-retry-pushback-ms"];
  if (pushBackMs !== undefined) {
    const value = INTEGER.test(pushBackMs.trim()) ? Number(pushBackMs) : -1;
    return value >= 0 ? bounded(value) : "stop";
  }
  return readRetryAfter(metadata["retry-after"]?.trim() ?? "", now);
}

function readRetryAfter(value: string, now: number): number | undefined {
  if (DECIMAL.test(value)) return bounded(Math.ceil(Number(value) * 1_000));
  const date = Date.parse(HTTP_DATE.exec(value)?.[0] ?? "");
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A pause that is longer than any call can wait stays a number that JSON can carry. */
function bounded(delayMs: number): number {
  return Math.min(delayMs, Number.MAX_SAFE_INTEGER);
}

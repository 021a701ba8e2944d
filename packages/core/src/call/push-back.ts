import type { Metadata } from "../transport/transport.ts";

/** What a server asked of its clients: a pause in milliseconds, or no further try at all. */
export type PushBack = number | "stop" | undefined;

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^\d+(\.\d+)?$/;

/**
 * Reads `grpc-retry-pushback-ms` (gRPC proposal A6: milliseconds; negative or
 * unreadable means no retry) and `retry-after` (RFC 9110 section 10.2.3: seconds
 * or a date; fractions are common and accepted). Anything else is ignored.
 */
export function readPushBack(metadata: Metadata, now: number): PushBack {
  const pushBackMs = metadata["grpc-retry-pushback-ms"];
  if (pushBackMs !== undefined) {
    const value = INTEGER.test(pushBackMs.trim()) ? Number(pushBackMs) : -1;
    return value >= 0 ? value : "stop";
  }
  return readRetryAfter(metadata["retry-after"]?.trim() ?? "", now);
}

function readRetryAfter(value: string, now: number): number | undefined {
  if (DECIMAL.test(value)) return Math.ceil(Number(value) * 1_000);
  // Date.parse accepts much that is no HTTP date, bare numbers among them.
  if (!/^[A-Za-z]{3,9},? /.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

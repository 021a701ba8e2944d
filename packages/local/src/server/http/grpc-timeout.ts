import type { IncomingHttpHeaders } from "node:http";
import { invalidArgument } from "../../service/failures.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * When a call has to end, in milliseconds since 1970, by its header
 * `Grpc-Timeout`: digits and a unit
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). Without one it never has to.
 *
 * @throws TransportFailure in the words of grpc-gateway
 */
export function deadlineOf({ "grpc-timeout": timeout }: IncomingHttpHeaders): number {
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  const [, digits, unit] = /^(\d+)([HMSmun])$/.exec(String(timeout)) ?? [];
  if (digits === undefined || unit === undefined) throw invalidArgument(`invalid grpc-timeout: ${timeout}`);
  return Date.now() + Number(digits) * UNIT_MS[unit]!;
}

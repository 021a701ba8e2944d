/** The most that eight digits can say in milliseconds, some 27 hours. */
const MAX_IN_MS = 99_999_999;

/**
 * Time left as the value of `Grpc-Timeout`: at most eight digits and a unit
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
 */
export function grpcTimeout(remainingMs: number): string {
  const ms = Math.max(1, Math.ceil(remainingMs));
  return ms <= MAX_IN_MS ? `${ms}m` : `${Math.ceil(ms / 1_000)}S`;
}

import type { ErrorCode } from "../transport/status-code.ts";

/**
 * A condition that needs more than its code to be handled rightly.
 *
 * - `rate-limit`: refused before it did anything; to be repeated after a pause.
 * - `too-large`: a message over a size limit; repeating is useless.
 * - `no-space`: the disk of an embedded server is full; repeating is useless until there is room.
 * - `not-ready`: shards that are starting or moving; to be polled until the deadline.
 * - `create-refused`: the collection exists, or no worker could take it; the server does not say which.
 * - `delete-refused`: the collection does not exist.
 * - `routing-unknown`: the collection does not exist, or its routing cannot be read just now.
 */
export type FaultCondition =
  | "rate-limit"
  | "too-large"
  | "no-space"
  | "not-ready"
  | "create-refused"
  | "delete-refused"
  | "routing-unknown";

/** Whether the same request would fail again, whatever its code says. */
export function isUseless({ condition }: Diagnosis): boolean {
  return condition === "too-large" || condition === "no-space";
}

/** A failure as the user should understand it. */
export interface Diagnosis {
  readonly code: ErrorCode;
  readonly message: string;
  readonly condition?: FaultCondition;
  /** How long to wait before the next try, in milliseconds, where the server is known to need it and does not say. */
  readonly pauseMs?: number;
}

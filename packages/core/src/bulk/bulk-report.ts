import type { BulkCheckpoint } from "./checkpoint.ts";

/** A record that was not written, and why. */
export interface RejectedRecord {
  /** The record's id; undefined where it has none that could be read. */
  readonly id: string | undefined;
  /** Its place in the source, from 0; records that `resumeFrom` skipped count. */
  readonly index: number;
  /** `InvalidArgumentError` for a record that is wrong, `ResourceExhaustedError` for one that is too large. */
  readonly error: Error;
}

/** What a load has done. Records that `resumeFrom` skipped are not counted. */
export interface BulkReport {
  /** How many records the server acknowledged. */
  readonly accepted: number;
  /** The records that were not written, by their place in the source. */
  readonly rejected: readonly RejectedRecord[];
  /** Protobuf bytes of the requests that were acknowledged, on every transport. */
  readonly bytes: number;
  /** How many requests were sent, those that failed, were refused or were repeated among them. */
  readonly attempts: number;
  readonly elapsedMs: number;
}

/** How a load is doing. */
export interface BulkProgress {
  /** How many records the server has acknowledged. */
  readonly accepted: number;
  /** How many records were not written. */
  readonly rejected: number;
  /** Protobuf bytes of the requests that were acknowledged. */
  readonly bytes: number;
  /** How many requests are under way. */
  readonly inFlight: number;
  /** How many may be under way just now; it adapts to the server. */
  readonly concurrency: number;
  readonly elapsedMs: number;
  /** Where a load that stopped now would go on. */
  readonly checkpoint: BulkCheckpoint;
}

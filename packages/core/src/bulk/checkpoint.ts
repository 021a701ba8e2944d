import { refuseUnknownKeys, requireInteger, requireObject } from "../data/checks.ts";

/**
 * How far a load has come: the records at the start of its source that are
 * settled, each written or rejected, without a gap. Plain JSON; `resumeFrom`
 * takes it back, with a source that gives the same records in the same order.
 */
export interface BulkCheckpoint {
  /** How many records of the source are settled, rejected ones included. */
  readonly records: number;
}

/** Returns how many records a checkpoint skips. */
export function requireCheckpoint(argument: string, checkpoint: BulkCheckpoint): number {
  refuseUnknownKeys(argument, requireObject(argument, checkpoint), ["records"]);
  return requireInteger(`${argument}.records`, checkpoint.records, 0, Number.MAX_SAFE_INTEGER);
}

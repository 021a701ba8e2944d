import { ResourceExhaustedError } from "../errors/error-classes.ts";
import { VectronError } from "../errors/vectron-error.ts";
import { NO_SPACE } from "../faults/fault-table.ts";
import type { Range } from "./batch-buffer.ts";
import type { Batch } from "./batcher.ts";
import type { RejectedRecord } from "./bulk-report.ts";

/** What delivering a batch needs, and whom it tells. */
export interface Desk {
  /** Makes one request; rejects when it fails, and when nothing more is to be sent. */
  send(batch: Batch, range: Range): Promise<void>;
  acknowledged(batch: Batch, range: Range): void;
  tooLarge(bytes: number): void;
  rejected(record: RejectedRecord): void;
}

/**
 * Sends a batch until every record of it is settled. What is refused for one of
 * its records, as too large or as invalid, is halved until that record is alone
 * and named. Halves go one after the other, so that the order of records that
 * share an id is kept.
 *
 * Rejects when a request fails for any other reason. The batch's span tells how
 * far it came.
 */
export function deliver(desk: Desk, batch: Batch): Promise<void> {
  return deliverRange(desk, batch, { from: 0, to: batch.buffer.records });
}

async function deliverRange(desk: Desk, batch: Batch, range: Range): Promise<void> {
  const { from, to } = range;
  try {
    await desk.send(batch, range);
    desk.acknowledged(batch, range);
  } catch (error) {
    const fault = recordFaultOf(error);
    if (fault === "too-large") desk.tooLarge(batch.buffer.sizeOf(range));
    if (fault === undefined) throw error;
    const count = to - from;
    if (count > 1) {
      const middle = from + Math.ceil(count / 2);
      await deliverRange(desk, batch, { from, to: middle });
      return deliverRange(desk, batch, { from: middle, to });
    }
    const index = batch.indices[from] as number;
    const [point] = batch.buffer.read(range);
    desk.rejected({ id: point?.id, index, error: error as VectronError });
  }
  const next = batch.indices[to];
  if (next !== undefined) batch.span.next = next;
}

/** What a refusal says about the records of the request; undefined: nothing. */
function recordFaultOf(error: unknown): "too-large" | "invalid" | undefined {
  if (!VectronError.isInstance(error)) return undefined;
  if (error.code === "INVALID_ARGUMENT") return "invalid";
  const isTooLarge =
    error instanceof ResourceExhaustedError && !error.retryable && !NO_SPACE.test(error.message);
  return isTooLarge ? "too-large" : undefined;
}

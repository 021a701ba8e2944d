import type { CollectionTarget } from "../client/client-context.ts";
import { requireName } from "../data/checks.ts";
import type { PointInput } from "../data/types.ts";
import { BulkLoad } from "./bulk-load.ts";
import { type BulkOptions, resolveBulkOptions } from "./bulk-options.ts";
import type { BulkReport } from "./bulk-report.ts";
import { type BulkSource, type OpenSource, openSource } from "./bulk-source.ts";

/** Writes every record of a source. */
export async function bulkUpsert<P>(
  target: CollectionTarget<P>,
  source: BulkSource<P>,
  options: BulkOptions = {},
): Promise<BulkReport> {
  requireName("collection", target.collection);
  const settings = resolveBulkOptions(options);
  const records = openSource(source);
  const load = new BulkLoad(target, settings);
  const reading: Reading = { ended: false, busy: false };
  try {
    // Once for the load, not for each record: the promises of that were a third of its garbage.
    await Promise.race([readInto(load, records, reading), load.stopping]);
    return await load.finish();
  } finally {
    if (!reading.ended) await leave(records, reading);
  }
}

/** How far the reading of a source has come. */
interface Reading {
  ended: boolean;
  /** Whether the source owes an answer. Once the load has stopped, that is no longer waited for. */
  busy: boolean;
}

/** Hands records on until the source ends or the load stops. */
async function readInto<P>(
  load: BulkLoad<P>,
  records: OpenSource<PointInput<P>>,
  reading: Reading,
): Promise<void> {
  while (!load.stopped) {
    let record: PointInput<P>;
    try {
      let step = records.next();
      if ("then" in step) {
        reading.busy = true;
        step = await step;
        reading.busy = false;
      }
      reading.ended = step.done === true;
      if (reading.ended || load.stopped) return;
      record = step.value as PointInput<P>;
    } catch (cause) {
      reading.busy = false;
      reading.ended = true;
      return load.sourceFailed(cause);
    }
    const room = load.add(record);
    if (room !== undefined) await room;
  }
}

/** Tells a source that no more is wanted. What it says to that changes nothing any more. */
async function leave(records: OpenSource<unknown>, { busy }: Reading): Promise<void> {
  try {
    const left = Promise.resolve(records.leave());
    // A busy one takes note when it is done with its last step, which may be never.
    if (busy) left.catch(() => {});
    else await left;
  } catch {}
}

import type { CommitQueue } from "./commit-queue.ts";
import { pointKey, sweepKey } from "./keys.ts";
import type { Operation } from "./lmdb-file.ts";

/** Few enough that commits of others wait no longer for it than for one of theirs. */
const RECORDS_PER_COMMIT = 2_000;

/**
 * Removes the points of collections that are gone, some at a time. What is left
 * when the store is closed, or cannot be removed, is removed after the next start:
 * the sweep key stays until the last point is gone.
 */
export class Sweeper {
  readonly #queue: CommitQueue;
  #isStopped = false;
  readonly #sweeps = new Set<Promise<void>>();

  constructor(queue: CommitQueue) {
    this.#queue = queue;
  }

  /** Begins to remove the records of a collection. */
  start(collection: number, records: Iterable<number>): void {
    const sweep = this.#sweep(collection, records)
      // It uses room that nothing else needs yet; what keeps it from being freed keeps writes from
      // being made, and they say so.
      .catch(() => undefined)
      .finally(() => this.#sweeps.delete(sweep));
    this.#sweeps.add(sweep);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#sweeps);
  }

  async #sweep(collection: number, records: Iterable<number>): Promise<void> {
    let operations: Operation[] = [];
    for (const record of records) {
      if (this.#isStopped) return;
      operations.push({ key: pointKey(collection, record) });
      if (operations.length < RECORDS_PER_COMMIT) continue;
      await this.#commit(operations);
      operations = [];
    }
    if (!this.#isStopped) await this.#commit([...operations, { key: sweepKey(collection) }]);
  }

  #commit(operations: readonly Operation[]): Promise<void> {
    return this.#queue.push({ bytes: 0, operations: () => operations, revert: () => undefined });
  }
}

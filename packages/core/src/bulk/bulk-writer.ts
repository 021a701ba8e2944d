import type { CollectionTarget } from "../client/client-context.ts";
import { requireName } from "../data/checks.ts";
import type { PointInput } from "../data/types.ts";
import { FailedPreconditionError } from "../errors/error-classes.ts";
import { importCode } from "../runtime/import-code.ts";
import type { BulkLoad } from "./bulk-load.ts";
import { type BulkOptions, type BulkSettings, resolveBulkOptions } from "./bulk-options.ts";
import type { BulkProgress, BulkReport } from "./bulk-report.ts";

const ignore = () => {};

/**
 * The push form of `bulkUpsert`: records are handed over one by one, and sent
 * when they fill a batch. `close` sends the rest and gives the report.
 */
export class BulkWriter<P> {
  /** The load, once its code is there: it is no part of what programs load at start. */
  readonly #opening: Promise<BulkLoad<P>>;
  #load: BulkLoad<P> | undefined;
  /** What the next write has to wait for; never rejects. */
  #last: Promise<void> | undefined;
  #closing: Promise<BulkReport> | undefined;
  /** Whether the caller has been told how the load ended. */
  #told = false;

  /** Made by `VectronClient.bulkWriter` and `Collection.bulkWriter`. */
  constructor(target: CollectionTarget<P>, options: BulkOptions = {}) {
    requireName("collection", target.collection);
    this.#opening = this.#open(target, resolveBulkOptions(options));
    this.#waitFor(this.#opening);
  }

  /**
   * How the load is doing, whenever a batch is settled. A slow reader misses
   * states and always gets the latest. Ends with the load, however that ends:
   * `write` and `close` tell.
   */
  get progress(): AsyncIterable<BulkProgress> {
    const opening = this.#opening;
    return {
      async *[Symbol.asyncIterator]() {
        const load = await opening.catch(ignore);
        if (load !== undefined) yield* load.progress;
      },
    };
  }

  /**
   * Takes a copy of one record; resolves when there is room for the next. That
   * the record is written is known when `close` resolves, or from the checkpoint.
   * Writes that are not awaited keep their order, and their records are held in
   * memory.
   *
   * @throws BulkUpsertError when the load has stopped, for this record or another
   * @throws UnavailableError when the code of bulk loading could not be loaded
   * @throws FailedPreconditionError after `close`
   */
  write(point: PointInput<P>): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    const load = this.#last === undefined ? this.#load : undefined;
    const room = load === undefined ? this.#addLater(point) : load.add(point);
    return room === undefined ? Promise.resolve() : this.#follow(room);
  }

  /**
   * Sends what has not filled a batch yet, and resolves when every record written
   * so far is settled. Writes after it wait for it.
   *
   * @throws BulkUpsertError when the load has stopped
   * @throws FailedPreconditionError after `close`
   */
  flush(): Promise<void> {
    return this.#closing === undefined ? this.#follow(this.#flushLater()) : Promise.reject(closed());
  }

  /**
   * Sends what is left, waits until everything is settled and gives the report.
   *
   * @throws BulkUpsertError when the load has stopped
   */
  close(): Promise<BulkReport> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  /** Cancels what is under way; resolves when that has ended. `close` then rejects with a `BulkUpsertError`. */
  async abort(reason?: unknown): Promise<void> {
    this.#told = true;
    const load = this.#load ?? (await this.#opening.catch(ignore));
    await load?.abort(reason);
  }

  /** Closes the writer, unless it is closed already or its caller knows that the load has stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing === undefined && !this.#told) await this.close();
  }

  async #finish(): Promise<BulkReport> {
    await this.#last;
    return (await this.#opening).finish();
  }

  async #open(target: CollectionTarget<P>, settings: BulkSettings): Promise<BulkLoad<P>> {
    const { BulkLoad } = await importCode(() => import("./bulk-load.ts"));
    this.#load = new BulkLoad(target, settings);
    return this.#load;
  }

  async #addLater(point: PointInput<P>): Promise<void> {
    await this.#last;
    await (await this.#opening).add(point);
  }

  async #flushLater(): Promise<void> {
    await this.#last;
    await (await this.#opening).flush();
  }

  #follow(room: Promise<void>): Promise<void> {
    this.#waitFor(room);
    const written = room.catch((error: unknown) => {
      // While the writer closes, that rejects with the same error, and a write need not be awaited.
      if (this.#closing !== undefined) written.catch(ignore);
      this.#told = true;
      throw error;
    });
    return written;
  }

  #waitFor(pending: Promise<unknown>): void {
    const last = pending.then(ignore, ignore).then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
  }
}

function closed(): FailedPreconditionError {
  return new FailedPreconditionError("the bulk writer is closed");
}

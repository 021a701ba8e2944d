import type { CollectionTarget } from "../client/client-context.ts";
import type { PointInput } from "../data/types.ts";
import {
  CancelledError,
  DeadlineExceededError,
  InvalidArgumentError,
  ResourceExhaustedError,
} from "../errors/error-classes.ts";
import type { VectronError } from "../errors/vectron-error.ts";
import type { Point } from "../gen/vectron/v1/messages.ts";
import { whenAborted } from "../runtime/when-aborted.ts";
import { recordSize } from "./batch-buffer.ts";
import { BatchSender } from "./batch-sender.ts";
import { type Batch, Batcher } from "./batcher.ts";
import { BulkUpsertError } from "./bulk-error.ts";
import type { BulkSettings } from "./bulk-options.ts";
import type { BulkProgress, BulkReport } from "./bulk-report.ts";
import { LoadState, type Stop } from "./load-state.ts";
import { ProgressFeed } from "./progress-feed.ts";
import { errorOf, idOf, RecordIntake } from "./record-intake.ts";

/** What a race gives when the load has stopped. */
const STOPPED = Symbol("stopped");

/**
 * One bulk load: takes records one at a time, gathers them into batches and has
 * several batches under way at once. It never holds more than those and one more,
 * and nothing counts as written that was not acknowledged.
 */
export class BulkLoad<P> {
  /** How the load is doing, whenever a batch is settled. */
  readonly progress = new ProgressFeed();
  /** Resolves when the load stops; never, when it does not. */
  readonly stopping: Promise<void>;
  readonly #collection: string;
  readonly #settings: BulkSettings;
  readonly #maxSendBytes: number;
  readonly #state: LoadState;
  readonly #intake: RecordIntake<P>;
  readonly #batcher: Batcher;
  readonly #sender: BatchSender;
  readonly #stopListening: (() => void)[] = [];
  /** One for all records: a function for each is garbage. */
  readonly #openSpan = (first: number) => this.#state.prefix.open(first);
  #error: BulkUpsertError | undefined;
  #endRace: (() => void) | undefined;

  /** @param target - its `collection` has been checked */
  constructor(target: CollectionTarget<P>, settings: BulkSettings) {
    const { runner, collection, expectedDimension } = target;
    const { maxSendBytes } = runner.capabilities;
    const state = new LoadState(settings, runner.runtime, expectedDimension);
    const batcher = new Batcher(collection, {
      maxPoints: settings.maxBatchPoints,
      maxBytes: Math.min(settings.maxBatchBytes, maxSendBytes),
    });
    const onProgress = (progress: BulkProgress) => this.#report(progress);
    this.#collection = collection;
    this.#settings = settings;
    this.#maxSendBytes = maxSendBytes;
    this.#state = state;
    this.#intake = new RecordIntake(target);
    this.#batcher = batcher;
    this.#sender = new BatchSender({ runner, collection, settings, state, batcher, onProgress });
    this.stopping = new Promise((resolve) => state.onEnd(resolve));
    state.onEnd(() => {
      this.#endRace?.();
      void this.#idle().then(() => this.#release());
    });
    const { signal } = settings.call;
    this.#stopListening.push(
      whenAborted(signal, () => this.#cancel(errorOfAbort(signal?.reason))),
      whenAborted(runner.closed, () => this.#cancel(new CancelledError("the client was closed"))),
    );
  }

  /** Whether no more records are taken. */
  get stopped(): boolean {
    return this.#state.stop !== undefined;
  }

  /**
   * Takes the next record, as a copy. The promise that it may return settles when
   * there is room for another, which is not to be added before. It rejects with a
   * `BulkUpsertError` once the load has stopped and nothing is under way any more.
   */
  add(record: PointInput<P>): Promise<void> | undefined {
    if (this.stopped) return this.#rejection();
    const index = this.#state.taken;
    if (index < this.#settings.skip) {
      this.#state.taken++;
      return undefined;
    }
    try {
      const point = this.#intake.take(record, this.#state.dimension);
      return point instanceof Promise ? this.#addLater(index, record, point) : this.#put(index, point);
    } catch (error) {
      return this.#refuse(index, idOf(record), errorOf(error));
    }
  }

  /** Sends what is left and waits for it. Rejects with a `BulkUpsertError` when the load has stopped. */
  async finish(): Promise<BulkReport> {
    const { skip } = this.#settings;
    const { taken } = this.#state;
    if (taken < skip) this.#state.end({ where: "", cause: tooShort(taken, skip) });
    await this.flush();
    this.#release();
    return this.#state.report();
  }

  /** Sends what is gathered and waits until nothing is under way. Rejects with a `BulkUpsertError` when the load has stopped. */
  async flush(): Promise<void> {
    await this.#drain();
    if (this.stopped) return this.#rejection();
  }

  /** Stops because the source failed, once all that it gave before is settled. */
  sourceFailed(cause: unknown): Promise<never> {
    return this.#finishThenStop({
      where: ` because its source failed after ${this.#state.taken} records`,
      cause,
    });
  }

  /** Stops at once and cancels what is under way; resolves when that has ended. */
  async abort(reason: unknown): Promise<void> {
    this.#cancel(errorOfAbort(reason));
    await this.#idle();
  }

  /** Waits for `pending`, but no longer than until the load stops. */
  #race<T>(pending: PromiseLike<T>): Promise<T | typeof STOPPED> {
    return new Promise((resolve, reject) => {
      // One callback, replaced each time: a promise of the end would gather a reaction for each record.
      this.#endRace = () => resolve(STOPPED);
      pending.then(resolve, reject);
      if (this.stopped) resolve(STOPPED);
    });
  }

  async #addLater(index: number, record: PointInput<P>, pending: Promise<Point>): Promise<void> {
    try {
      const point = await this.#race(pending);
      // Not awaited here: that the load has stopped is no fault of the record.
      return point === STOPPED ? this.#rejection() : this.#put(index, point);
    } catch (error) {
      return this.#refuse(index, idOf(record), errorOf(error));
    }
  }

  #put(index: number, point: Point): Promise<void> | undefined {
    const size = recordSize(point);
    const alone = this.#batcher.sizeAlone(size);
    if (alone > this.#maxSendBytes) return this.#refuse(index, point.id, tooLarge(alone, this.#maxSendBytes));
    // Encoded before anything is waited for, as its source may use its memory again.
    const outgrown = this.#batcher.add({ point, index, size }, this.#openSpan);
    this.#state.taken++;
    if (outgrown !== undefined) return this.#dispatch(outgrown);
    return this.#batcher.full ? this.#dispatch(this.#batcher.take()) : undefined;
  }

  /** Sends a batch, now or as soon as it may be. */
  #dispatch(batch: Batch | undefined): Promise<void> | undefined {
    return batch === undefined || this.#sender.trySend(batch) ? undefined : this.#sendLater(batch);
  }

  async #sendLater(batch: Batch): Promise<void> {
    await this.#state.until(() => this.stopped || this.#sender.trySend(batch));
    if (this.stopped) return this.#rejection();
  }

  /** Reports a record that is wrong before it is sent. */
  #refuse(index: number, id: string | undefined, error: Error): Promise<void> | undefined {
    const stop = this.#state.reject({ id, index, error });
    this.#state.taken++;
    return stop && this.#finishThenStop(stop);
  }

  async #finishThenStop(stop: Stop): Promise<never> {
    await this.#drain();
    this.#state.end(stop);
    return this.#rejection();
  }

  async #drain(): Promise<void> {
    if (!this.stopped) await this.#dispatch(this.#batcher.take());
    await this.#idle();
  }

  #idle(): Promise<void> {
    return this.#state.until(() => this.#state.batches === 0);
  }

  #report(progress: BulkProgress): void {
    this.progress.publish(progress);
    try {
      this.#settings.onProgress?.(progress);
    } catch (cause) {
      this.#state.end({ where: " because onProgress failed", cause });
    }
  }

  #cancel(cause: VectronError): void {
    this.#state.end({ where: "", cause });
    this.#sender.cancel(cause);
  }

  /** Rejects with the load's error, once nothing is under way any more. */
  async #rejection(): Promise<never> {
    await this.#idle();
    this.#error ??= this.#makeError();
    throw this.#error;
  }

  #makeError(): BulkUpsertError {
    const { stop, checkpoint } = this.#state;
    const where = `the bulk upsert into ${JSON.stringify(this.#collection)} stopped${stop?.where ?? ""}`;
    return new BulkUpsertError(stop?.cause, where, {
      collection: this.#collection,
      report: this.#state.report(),
      checkpoint,
    });
  }

  #release(): void {
    for (const stopListening of this.#stopListening) stopListening();
    this.progress.end();
  }
}

function errorOfAbort(reason: unknown): VectronError {
  // AbortSignal.timeout() aborts with this name: the caller's own deadline.
  const timedOut = (reason as { name?: unknown } | undefined)?.name === "TimeoutError";
  return timedOut
    ? new DeadlineExceededError("the caller's own time for it passed", { cause: reason })
    : new CancelledError("it was aborted by its caller", { cause: reason });
}

function tooLarge(bytes: number, maxSendBytes: number): ResourceExhaustedError {
  return new ResourceExhaustedError(
    `the record takes ${bytes} bytes as a request of its own and the limit is ${maxSendBytes}`,
  );
}

function tooShort(taken: number, skip: number): InvalidArgumentError {
  return new InvalidArgumentError(
    `resumeFrom skips ${skip} records and the source has only ${taken}: it is not the one that the checkpoint is of`,
  );
}

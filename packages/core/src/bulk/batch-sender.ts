import type { CallOptions, ResponseInfo } from "../call/call-options.ts";
import type { ClientContext } from "../client/client-context.ts";
import { CancelledError, InternalServerError } from "../errors/error-classes.ts";
import { VectronError } from "../errors/vectron-error.ts";
import { vectronService } from "../gen/vectron/v1/methods.ts";
import { LightAbort } from "../runtime/light-abort.ts";
import type { Range } from "./batch-buffer.ts";
import { BatchRequest } from "./batch-request.ts";
import type { Batch, Batcher } from "./batcher.ts";
import type { BulkSettings } from "./bulk-options.ts";
import type { BulkProgress } from "./bulk-report.ts";
import { type Desk, deliver } from "./deliver.ts";
import { IdsInFlight } from "./ids-in-flight.ts";
import type { LoadState } from "./load-state.ts";
import { RequestGate } from "./request-gate.ts";

/** What a sender works with. */
export interface SenderParts extends Pick<ClientContext, "runner"> {
  readonly collection: string;
  readonly settings: BulkSettings;
  readonly state: LoadState;
  /** Learns of batches that were too large. */
  readonly batcher: Batcher;
  /** Told whenever a batch is settled. */
  onProgress(progress: BulkProgress): void;
}

/** The side of a load that has batches under way. */
export class BatchSender {
  readonly #parts: SenderParts;
  readonly #gate: RequestGate;
  readonly #ids = new IdsInFlight();
  readonly #cancelled = new LightAbort();
  readonly #options: CallOptions;
  readonly #desk: Desk;

  constructor(parts: SenderParts) {
    const { runner, settings, state, batcher } = parts;
    const { concurrency, call } = settings;
    this.#parts = parts;
    this.#gate = new RequestGate(runner, { concurrency, retry: call.retry });
    this.#options = { ...call, signal: this.#cancelled };
    this.#desk = {
      send: (batch, range) => this.#request(batch, range),
      acknowledged: (batch, range) => this.#acknowledged(batch, range),
      tooLarge: (bytes) => batcher.refused(bytes),
      rejected: (record) => {
        const stop = state.reject(record);
        if (stop !== undefined) state.end(stop);
      },
    };
    // Who waits at the gate goes on, and finds that the load has stopped.
    state.onEnd(() => this.#gate.lift());
  }

  /** Sends a batch if it may be sent now: there is room, and none of its ids is under way. Returns whether it was sent. */
  trySend(batch: Batch): boolean {
    const { state } = this.#parts;
    if (state.batches >= this.#gate.concurrency || !this.#ids.add(batch.hashes)) return false;
    state.batches++;
    void this.#send(batch);
    return true;
  }

  /** Cancels what is under way. */
  cancel(reason: unknown): void {
    this.#cancelled.abort(reason);
  }

  /** Resolves when the batch is settled, or has come as far as it will. */
  async #send(batch: Batch): Promise<void> {
    const { state, onProgress } = this.#parts;
    try {
      await deliver(this.#desk, batch);
      state.prefix.close(batch.span);
    } catch (cause) {
      state.end({ where: "", cause });
    }
    state.batches--;
    this.#ids.remove(batch.hashes);
    onProgress(this.#progress());
    state.wake();
  }

  async #request({ buffer }: Batch, range: Range): Promise<void> {
    const { runner, collection, state } = this.#parts;
    const count = range.to - range.from;
    const isWhole = count === buffer.records;
    const message = new BatchRequest(collection, buffer, range);
    const spec = { method: vectronService.upsert, collection, message };
    let attempts = 0;
    const attempted = (more: number) => {
      attempts += more;
      state.attempts += more;
    };
    const call = async (options: CallOptions) => {
      // It may have stopped while this request waited for its turn, or before it did.
      if (state.stop !== undefined) throw new CancelledError("the load has stopped");
      try {
        const { upserted } = await runner.unary(spec, options);
        if (upserted < count) throw notAcknowledged(upserted, count);
      } catch (error) {
        if (error instanceof VectronError) attempted(error.attempts.length);
        throw error;
      }
    };
    const onResponse = (info: ResponseInfo) => attempted(info.attempts.length);
    await this.#gate.run({ ...this.#options, onResponse }, call, isWhole);
    // A collection takes vectors of one dimension only.
    state.dimension ??= buffer.read({ from: range.from, to: range.from + 1 })[0]?.vector.length;
    // A transport may still have the bytes of an attempt that failed.
    if (isWhole && attempts === 1 && message.release()) buffer.release();
  }

  #acknowledged({ buffer }: Batch, range: Range): void {
    const { state } = this.#parts;
    state.accepted += range.to - range.from;
    state.bytes += buffer.sizeOf(range);
  }

  #progress(): BulkProgress {
    const { accepted, rejected, bytes, elapsedMs, checkpoint } = this.#parts.state;
    const { inFlight, concurrency } = this.#gate;
    return { accepted, rejected, bytes, inFlight, concurrency, elapsedMs, checkpoint };
  }
}

function notAcknowledged(upserted: number, sent: number): InternalServerError {
  return new InternalServerError(
    `the server acknowledged ${upserted} of the ${sent} records of a request, without saying which`,
    { method: "Upsert" },
  );
}

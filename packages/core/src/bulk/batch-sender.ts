import type { CallOptions } from "../call/call-options.ts";
import type { ClientContext } from "../client/client-context.ts";
import { CancelledError, InternalServerError } from "../errors/error-classes.ts";
import { VectronError } from "../errors/vectron-error.ts";
import type { Point } from "../gen/vectron/v1/messages.ts";
import { vectronService } from "../gen/vectron/v1/methods.ts";
import { sizeUpsertRequest } from "../gen/vectron/v1/size.ts";
import { LightAbort } from "../runtime/light-abort.ts";
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
    this.#options = {
      ...call,
      signal: this.#cancelled,
      onResponse: ({ attempts }) => {
        state.attempts += attempts.length;
      },
    };
    this.#desk = {
      sizeOf: (points) => sizeUpsertRequest({ collection: parts.collection, points }),
      send: (points, isWhole) => this.#request(points, isWhole),
      acknowledged: (points, bytes) => this.#acknowledged(points, bytes),
      tooLarge: (bytes) => batcher.refused(bytes),
      rejected: (record) => {
        const stop = state.reject(record);
        if (stop !== undefined) state.end(stop);
      },
    };
    // Who waits at the gate goes on, and finds that the load has stopped.
    state.onEnd(() => this.#gate.lift());
  }

  /** Whether a batch may be sent now: there is room, and none of its ids is under way. */
  maySend({ points }: Batch): boolean {
    return this.#parts.state.batches < this.#gate.concurrency && !this.#ids.hasAnyOf(points);
  }

  /** Sends a batch; resolves when it is settled, or has come as far as it will. */
  async send(batch: Batch): Promise<void> {
    const { state, onProgress } = this.#parts;
    state.batches++;
    this.#ids.add(batch.points);
    try {
      await deliver(this.#desk, batch);
      state.prefix.close(batch.span);
    } catch (cause) {
      state.end({ where: "", cause });
    }
    state.batches--;
    this.#ids.remove(batch.points);
    onProgress(this.#progress());
    state.wake();
  }

  /** Cancels what is under way. */
  cancel(reason: unknown): void {
    this.#cancelled.abort(reason);
  }

  async #request(points: Point[], isWhole: boolean): Promise<void> {
    const { runner, collection, state } = this.#parts;
    const spec = { method: vectronService.upsert, collection, message: { collection, points } };
    const call = async (options: CallOptions) => {
      // It may have stopped while this request waited for its turn, or before it did.
      if (state.stop !== undefined) throw new CancelledError("the load has stopped");
      try {
        const { upserted } = await runner.unary(spec, options);
        if (upserted < points.length) throw notAcknowledged(upserted, points.length);
      } catch (error) {
        if (error instanceof VectronError) state.attempts += error.attempts.length;
        throw error;
      }
    };
    await this.#gate.run(this.#options, call, isWhole);
  }

  #acknowledged(points: Point[], bytes: number): void {
    const { state } = this.#parts;
    state.accepted += points.length;
    state.bytes += bytes;
    // A collection takes vectors of one dimension only.
    state.dimension ??= points[0]?.vector.length;
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

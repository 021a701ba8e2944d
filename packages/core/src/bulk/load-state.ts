import { describeValue } from "../errors/invalid-argument.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { BulkSettings } from "./bulk-options.ts";
import type { BulkReport, RejectedRecord } from "./bulk-report.ts";
import type { BulkCheckpoint } from "./checkpoint.ts";
import { SettledPrefix } from "./settled-prefix.ts";

/** Why a load stopped. */
export interface Stop {
  readonly cause: unknown;
  /** Follows "the bulk upsert … stopped"; empty where the cause says it all. */
  readonly where: string;
}

/** What the two sides of a load share: the one that takes records, and the one that sends batches. */
export class LoadState {
  accepted = 0;
  bytes = 0;
  attempts = 0;
  /** How many records of the source have found their place: in a batch, among the rejected or the skipped. */
  taken = 0;
  /** How many batches are under way. */
  batches = 0;
  /** How many components every vector must have; undefined while nothing is known. */
  dimension: number | undefined;
  readonly prefix = new SettledPrefix();
  readonly #settings: BulkSettings;
  readonly #runtime: Runtime;
  readonly #startMs: number;
  readonly #rejected: RejectedRecord[] = [];
  readonly #onEnd: (() => void)[] = [];
  #stop: Stop | undefined;
  #waiting: (() => void)[] = [];

  constructor(settings: BulkSettings, runtime: Runtime, dimension: number | undefined) {
    this.#settings = settings;
    this.dimension = dimension;
    this.#runtime = runtime;
    this.#startMs = runtime.now();
  }

  /** Why the load stopped; undefined while it goes on. */
  get stop(): Stop | undefined {
    return this.#stop;
  }

  get rejected(): number {
    return this.#rejected.length;
  }

  get elapsedMs(): number {
    return this.#runtime.now() - this.#startMs;
  }

  get checkpoint(): BulkCheckpoint {
    return { records: this.prefix.length(this.taken) };
  }

  /** Reports a record as rejected. Returns why the load has to stop for it, if it has to. */
  reject(record: RejectedRecord): Stop | undefined {
    const { continues, maxRejected, onRejected } = this.#settings;
    this.#rejected.push(record);
    const id = record.id === undefined ? "" : ` (id ${describeValue(record.id)})`;
    const where = ` at record ${record.index}${id}`;
    try {
      onRejected?.(record);
    } catch (cause) {
      return { where: `${where} because onRejected failed`, cause };
    }
    if (!continues) return { where, cause: record.error };
    if (this.rejected <= maxRejected) return undefined;
    return { where: `${where}, after more than ${maxRejected} were rejected`, cause: record.error };
  }

  /** Stops the load: nothing more is taken or sent. The first reason counts. */
  end(stop: Stop): void {
    if (this.#stop !== undefined) return;
    this.#stop = stop;
    for (const react of this.#onEnd) react();
    this.wake();
  }

  /** Has `react` called when the load stops. */
  onEnd(react: () => void): void {
    this.#onEnd.push(react);
  }

  /** Waits until something holds; it is looked at whenever a batch is settled or the load stops. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  report(): BulkReport {
    const { accepted, bytes, attempts, elapsedMs } = this;
    // Batches find their rejected records in any order.
    const rejected = [...this.#rejected].sort((a, b) => a.index - b.index);
    return { accepted, rejected, bytes, attempts, elapsedMs };
  }
}

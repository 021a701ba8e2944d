import { type ClientOptions, type PointInput, VectronClient } from "../../../src/index.ts";
import { VirtualClock } from "../../../src/testing/index.ts";
import { type StoreOptions, StoreServer } from "./store-server.ts";

export interface BulkBench {
  readonly clock: VirtualClock;
  readonly server: StoreServer;
  readonly client: VectronClient;
}

/** A client of a store server, on a clock that only moves when the test lets it. */
export function bulkBench(store: Omit<StoreOptions, "runtime"> = {}, options: ClientOptions = {}): BulkBench {
  const clock = new VirtualClock({ startMs: 0 });
  const server = new StoreServer({ ...store, runtime: clock });
  return { clock, server, client: new VectronClient(server, options, clock) };
}

/** Record number `index`, different from every other. */
export function record(index: number, id = `p${index}`): PointInput {
  return { id, vector: [index, index / 2], payload: { index: String(index) } };
}

/** That many records. */
export function records(count: number): PointInput[] {
  return Array.from({ length: count }, (_, index) => record(index));
}

/** Records one by one, with every step counted. */
export class CountedSource implements AsyncIterable<PointInput> {
  pulled = 0;
  returned = 0;
  readonly #records: readonly PointInput[];
  readonly #onPull: (() => void) | undefined;

  constructor(items: readonly PointInput[], onPull?: () => void) {
    this.#records = items;
    this.#onPull = onPull;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PointInput> {
    let ended = false;
    try {
      for (const item of this.#records) {
        this.pulled++;
        this.#onPull?.();
        yield item;
      }
      ended = true;
    } finally {
      if (!ended) this.returned++;
    }
  }
}

/** The ids p0 to p<count - 1>. */
export function ids(count: number): string[] {
  return records(count).map(({ id }) => id);
}

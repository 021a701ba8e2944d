import type { MethodDescriptor } from "@vectron/core";
import { vectronService as rpc, type SearchRequest } from "@vectron/core/wire";
import { Engine } from "../../src/engine/engine.ts";
import { stockHandlers } from "../../src/parity/strict-parity.ts";
import { InProcessTransport } from "../../src/transport/in-process-transport.ts";
import {
  type CallSettings,
  call,
  callStream,
  createRequest,
  type point,
  searchRequest,
} from "../support/calls.ts";

export const USABLE_MS = 3_000;
export const ELECTION_MS = 500;
export const READY_MS = 8_000;
export const LAG_MS = 200;

/** A server that behaves as a stock one does; its time stands still unless a test moves it. */
export class StockServer {
  #now = 1_000_000;
  readonly #transport: InProcessTransport;

  constructor(seed = 1) {
    const handlers = stockHandlers(new Engine(), {
      usableDelayMs: [USABLE_MS, USABLE_MS],
      readyDelayMs: [READY_MS, READY_MS],
      electionMs: ELECTION_MS,
      upsertRetryMs: 1,
      searchLagMs: LAG_MS,
      seed,
      now: () => this.#now,
    });
    this.#transport = new InProcessTransport({ handlers, endpoint: "test" });
  }

  elapse(ms: number): void {
    this.#now += ms;
  }

  call<I, O>(method: MethodDescriptor<I, O>, message: I, settings?: CallSettings): Promise<O> {
    return call(this.#transport, method, message, settings);
  }

  callStream(message: SearchRequest) {
    return callStream(this.#transport, message);
  }

  async createReady(overrides = {}): Promise<void> {
    await this.call(rpc.createCollection, createRequest(overrides));
    this.elapse(READY_MS);
  }

  async upsertVisible(...points: ReturnType<typeof point>[]): Promise<void> {
    await this.call(rpc.upsert, { collection: "docs", points });
    this.elapse(LAG_MS);
  }

  /**
   * The ids that a search can find: the shard depends on the request, and `query`,
   * which has no other effect, takes the search to every shard in time.
   */
  async searchAllShards(overrides: Partial<SearchRequest> = {}): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (let i = 0; i < 300; i++) {
      const request = searchRequest({ topK: 100, query: `${i}`, ...overrides });
      const { results } = await this.call(rpc.search, request);
      for (const { id, score } of results) found.set(id, score);
    }
    return found;
  }
}

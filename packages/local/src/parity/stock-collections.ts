import type { Engine } from "../engine/engine.ts";
import type { ResolvedParityOptions } from "./parity-options.ts";
import { Readiness } from "./readiness.ts";
import { SearchLag } from "./search-lag.ts";
import { SHARDS, shardOf } from "./shards.ts";

/** What the handlers of one imitated cluster share. */
export interface StockCluster {
  readonly engine: Engine;
  readonly options: ResolvedParityOptions;
  readonly random: () => number;
  readonly collections: StockCollections;
}

/** What a stock server's workers know of one collection, beside its points. */
export class StockCollection {
  readonly readiness: Readiness;
  readonly lag: SearchLag;
  readonly #firstShardId: number;

  constructor(firstShardId: number, options: ResolvedParityOptions, random: () => number) {
    this.#firstShardId = firstShardId;
    this.readiness = new Readiness(options, random);
    this.lag = new SearchLag(options.searchLagMs, options.now);
  }

  shardIds(): number[] {
    return Array.from({ length: SHARDS }, (_, i) => this.#firstShardId + i);
  }

  shardIdOf(pointId: string): number {
    return this.#firstShardId + shardOf(pointId);
  }
}

/** The state of every collection, from its creation on. */
export class StockCollections {
  readonly #options: ResolvedParityOptions;
  readonly #random: () => number;
  readonly #byName = new Map<string, StockCollection>();
  #shardsMade = 0;

  constructor(options: ResolvedParityOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** Starts the shards of a collection. Their ids are counted on over all collections. */
  start(name: string): StockCollection {
    const collection = new StockCollection(this.#shardsMade + 1, this.#options, this.#random);
    this.#shardsMade += SHARDS;
    this.#byName.set(name, collection);
    return collection;
  }

  stop(name: string): void {
    this.#byName.delete(name);
  }

  /** The state of a collection that exists; one that was there before the cluster starts its shards now. */
  of(name: string): StockCollection {
    return this.#byName.get(name) ?? this.start(name);
  }
}

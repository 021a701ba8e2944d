import {
  type IndexOptions,
  type IndexStatus,
  type ResolvedIndexOptions,
  resolveIndexOptions,
} from "../engine/index-options.ts";
import type { RowHit } from "../engine/row-hit.ts";
import type { SearchSteps } from "../engine/search-steps.ts";
import { TopHits } from "../engine/top-hits.ts";
import type { CreateIndex, IndexBackground, IndexSource, VectorIndex } from "../engine/vector-index.ts";
import { ScanIndex } from "../scan/scan-index.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { removeKeptGraph } from "./graph-files.ts";
import type { GraphHost } from "./graph-host.ts";

/** For more hits than this a scan is as fast, and exact. */
const MOST_HITS = 1000;
/** How many components may be looked at beside the graph: about half a millisecond. */
const UNINDEXED_COMPONENTS = 262_144;
/** A graph is given up below this part of the points that it was begun for, lest it come and go. */
const GIVE_UP_PART = 1 / 2;
/** A graph that was begun with fewer points than this is begun anew when there are many more: they suit it better. */
const EARLY_POINTS = 8192;
const EARLY_GROWTH = 8;

/**
 * A scan and, for many points, a graph: an HNSW index that is built in a thread
 * of its own, meanwhile the scan answers.
 *
 * The graph only proposes. Every hit has the score that the scan would give it,
 * from the vector as it is now; rows that the graph does not have yet are scored
 * beside it; and where it proposes too few, the scan answers.
 */
class TieredIndex implements VectorIndex, IndexBackground {
  readonly #host: GraphHost;
  readonly #source: IndexSource;
  readonly #scan: ScanIndex;
  #options: ResolvedIndexOptions;
  #end = 0;
  #builder: GraphBuilder | undefined;
  #begunWith = 0;
  #isHeld = false;
  #failure: string | undefined;
  /** Graphs that were given up, and may still be at work. */
  #past: Promise<void> = Promise.resolve();

  constructor(host: GraphHost, source: IndexSource, options: IndexOptions) {
    this.#host = host;
    this.#source = source;
    this.#scan = new ScanIndex(source);
    this.#options = resolveIndexOptions(options, source.rows.dimension);
  }

  get background(): IndexBackground {
    return this;
  }

  get memoryBytes(): number {
    return this.#scan.memoryBytes + (this.#builder?.memoryBytes ?? 0);
  }

  set(row: number, vector: Float32Array): void {
    this.#scan.set(row, vector);
    this.#end = Math.max(this.#end, row + 1);
    this.#builder?.set(row);
    this.#consider();
  }

  remove(row: number): void {
    this.#scan.remove(row);
    this.#builder?.remove(row);
    this.#consider();
  }

  *search(query: Float32Array, topK: number): SearchSteps {
    const builder = this.#builder;
    if (builder !== undefined && this.#canAsk(builder, topK)) {
      const count = Math.max(this.#options.efSearch, 2 * topK);
      let rowsNow: (() => readonly number[]) | undefined;
      yield builder.search(query, count).then(
        (found) => {
          rowsNow = found;
        },
        (error: Error) => this.#fail(builder, error),
      );
      const isSame = this.#builder === builder && this.#canAsk(builder, topK);
      const hits =
        isSame && rowsNow !== undefined ? this.#rank(query, topK, [rowsNow(), builder.unindexed]) : [];
      if (hits.length === Math.min(topK, this.#scan.size)) return hits;
    }
    return yield* this.#scan.search(query, topK);
  }

  searchExact(query: Float32Array, topK: number): SearchSteps {
    return this.#scan.searchExact(query, topK);
  }

  hold(): () => void {
    this.#isHeld = true;
    return () => {
      this.#isHeld = false;
      this.#consider();
    };
  }

  configure(options: IndexOptions): void {
    const before = this.#options;
    this.#options = resolveIndexOptions(options, this.#source.rows.dimension);
    const { connectivity, efConstruction } = this.#options;
    const isOther = connectivity !== before.connectivity || efConstruction !== before.efConstruction;
    if (isOther) this.#giveUp();
    this.#failure = undefined;
    this.#consider();
  }

  status(): IndexStatus {
    const builder = this.#builder;
    return {
      tier: builder?.isServing === true ? "hnsw" : "scan",
      points: this.#scan.size,
      indexed: builder?.indexed ?? 0,
      pending: builder?.pending ?? 0,
      memoryBytes: this.memoryBytes,
      ...(this.#failure !== undefined && { unavailable: this.#failure }),
    };
  }

  async indexed(): Promise<void> {
    // A graph that is begun anew meanwhile has to be waited for too.
    for (let waitedFor: GraphBuilder | undefined; this.#builder !== waitedFor; ) {
      waitedFor = this.#builder;
      await waitedFor?.idle();
    }
  }

  async close({ isDropped }: { readonly isDropped: boolean }): Promise<void> {
    const builder = this.#builder;
    this.#builder = undefined;
    await builder?.close({ keeps: !isDropped });
    await this.#past;
    if (isDropped) this.#forget();
  }

  /** Begins a graph, or gives it up, as the options and the number of points ask for. */
  #consider(): void {
    const builder = this.#builder;
    if (builder === undefined) {
      const isWanted = this.#scan.size >= this.#wantedFrom;
      if (isWanted && !this.#isHeld && this.#failure === undefined) this.#begin();
      return;
    }
    if (this.#scan.size < this.#wantedFrom * GIVE_UP_PART) {
      this.#giveUp();
      return;
    }
    if (this.#begunWith < EARLY_POINTS && this.#scan.size > EARLY_GROWTH * this.#begunWith) {
      this.#giveUp();
      this.#begin();
    }
  }

  /** From how many points on a graph is wanted. */
  get #wantedFrom(): number {
    const { tier, thresholdPoints } = this.#options;
    if (tier === "scan") return Number.POSITIVE_INFINITY;
    return tier === "hnsw" ? 1 : thresholdPoints;
  }

  #begin(): void {
    const { connectivity, efConstruction } = this.#options;
    const { metric, rows } = this.#source;
    this.#begunWith = this.#scan.size;
    const builder = new GraphBuilder({
      thread: this.#host.thread,
      spec: { dimension: rows.dimension, metric, connectivity, efConstruction },
      source: this.#source,
      isLive: (row) => this.#scan.isLive(row),
      end: this.#end,
      onFailure: (error) => this.#fail(builder, error),
    });
    this.#builder = builder;
    builder.wake();
  }

  #giveUp(): void {
    const builder = this.#builder;
    if (builder === undefined) return;
    this.#builder = undefined;
    this.#past = Promise.all([this.#past, builder.close({ keeps: false })]).then(() => {
      if (this.#builder === undefined) this.#forget();
    });
  }

  #fail(builder: GraphBuilder, error: Error): void {
    // A builder that has been given up may fail; nobody misses it.
    if (this.#builder !== builder) return;
    this.#builder = undefined;
    this.#failure = error.message;
    this.#host.warn(error.message);
  }

  #forget(): void {
    const { cache } = this.#source;
    try {
      if (cache !== undefined) removeKeptGraph(cache.path);
    } catch {
      // It is out of date from now on, and known to be.
    }
  }

  #canAsk(builder: GraphBuilder, topK: number): boolean {
    const isLittle = builder.unindexed.size * this.#source.rows.dimension <= UNINDEXED_COMPONENTS;
    return builder.isServing && isLittle && topK <= MOST_HITS;
  }

  #rank(query: Float32Array, topK: number, lists: readonly Iterable<number>[]): readonly RowHit[] {
    const top = new TopHits(topK, this.#source.compareRows);
    const scoreOf = this.#scan.rowScorer(query);
    for (const rows of lists) for (const row of rows) top.offer(row, scoreOf(row));
    return top.sorted();
  }
}

/** Makes the indexes of an engine whose graphs share `host`. */
export function createTieredIndex(host: GraphHost): CreateIndex {
  return (source, options) => new TieredIndex(host, source, options);
}

import type { IndexOptions, IndexStatus } from "./index-options.ts";
import type { Metric } from "./metric.ts";
import type { SearchSteps } from "./search-steps.ts";
import type { IndexCache } from "./store.ts";
import type { CompareRows } from "./top-hits.ts";
import type { VectorRows } from "./vector-rows.ts";

/**
 * Finds the nearest rows. It holds no vector of its own that it could not build
 * again from the rows it was given.
 */
export interface VectorIndex {
  /** The row now holds `vector`, which may replace another. */
  set(row: number, vector: Float32Array): void;
  /** The row is empty, until `set` fills it again. */
  remove(row: number): void;
  /**
   * The best `topK` rows (or all, if there are fewer): ascending score, ties in
   * the order of `compareRows`. The query has the rows' dimension. Rows may change
   * between the steps; the hits are those of the moment of the last.
   */
  search(query: Float32Array, topK: number): SearchSteps;
  /** The same without any approximation, by a look at every row if need be. */
  searchExact(query: Float32Array, topK: number): SearchSteps;
  /** About how many bytes it takes beside the vectors. */
  readonly memoryBytes: number;
  /** What is built in the background; an index without it is always up to date. */
  readonly background?: IndexBackground;
}

/** The part of an index that is built off the path of the calls. */
export interface IndexBackground {
  /** Nothing new is built until the function returned is called: a collection is being loaded. */
  hold(): () => void;
  configure(options: IndexOptions): void;
  status(): IndexStatus;
  /** Resolves when nothing is left to build. */
  indexed(): Promise<void>;
  /** Keeps what is built in the cache, if there is one; `isDropped`: removes it from there. */
  close(options: { readonly isDropped: boolean }): Promise<void>;
}

/** What an index is built over. */
export interface IndexSource {
  readonly metric: Metric;
  readonly rows: VectorRows;
  readonly compareRows: CompareRows;
  /** Where what is built may be kept. */
  readonly cache?: RowCache | undefined;
}

/** An `IndexCache`, by row. */
export type RowCache = Omit<IndexCache, "recordOf"> & { recordOf(row: number): number | undefined };

/** Makes the empty index of a new collection. */
export type CreateIndex = (source: IndexSource, options: IndexOptions) => VectorIndex;

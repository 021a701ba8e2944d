import type { Metric } from "./metric.ts";
import type { CompareRows } from "./top-hits.ts";
import type { VectorRows } from "./vector-rows.ts";

/** One scored row. */
export interface RowHit {
  readonly row: number;
  /** A float32 value; lower is nearer. */
  readonly score: number;
}

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
   * the order of `compareRows`. The query has the rows' dimension.
   */
  search(query: Float32Array, topK: number): readonly RowHit[];
  /** The same without any approximation, by a look at every row if need be. */
  searchExact(query: Float32Array, topK: number): readonly RowHit[];
}

/** What an index is built over. */
export interface IndexSource {
  readonly metric: Metric;
  readonly rows: VectorRows;
  readonly compareRows: CompareRows;
}

/** Makes the empty index of a new collection. */
export type CreateIndex = (source: IndexSource) => VectorIndex;

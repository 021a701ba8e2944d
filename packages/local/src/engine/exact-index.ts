import { innerProduct, squaredDistance } from "./kernels.ts";
import type { Metric } from "./metric.ts";
import { type CompareRows, TopHits } from "./top-hits.ts";
import type { IndexSource, RowHit, VectorIndex } from "./vector-index.ts";
import type { VectorRows } from "./vector-rows.ts";

const FIRST_ROWS = 16;

/** Scores the vector of `row`, which is at `offset` of `block`. */
type Scorer = (block: Float32Array, offset: number, row: number) => number;

/**
 * Looks at every row and returns exactly the nearest. Scores are float32:
 *
 * - cosine: 1 − cos, from 0 to 2, and 1 when either vector is zero;
 * - euclidean: the squared distance;
 * - dot: the negated inner product.
 *
 * `kernels.ts` says how exact they are.
 */
export class ExactIndex implements VectorIndex {
  readonly #metric: Metric;
  readonly #rows: VectorRows;
  readonly #compareRows: CompareRows;
  /** 1 for a row that holds a vector. */
  #live = new Uint8Array(0);
  /** The squared length of each row's vector; kept for cosine only. */
  #squaredNorms = new Float64Array(0);
  #end = 0;
  #count = 0;

  constructor(source: IndexSource) {
    this.#metric = source.metric;
    this.#rows = source.rows;
    this.#compareRows = source.compareRows;
  }

  /** How many rows hold a vector. */
  get size(): number {
    return this.#count;
  }

  set(row: number, vector: Float32Array): void {
    this.#reserve(row + 1);
    if (this.#live[row] === 0) this.#count++;
    this.#live[row] = 1;
    this.#end = Math.max(this.#end, row + 1);
    if (this.#metric === "cosine") this.#squaredNorms[row] = innerProduct(vector, vector, 0);
  }

  remove(row: number): void {
    if (this.#live[row] !== 1) return;
    this.#live[row] = 0;
    this.#count--;
  }

  search(query: Float32Array, topK: number): readonly RowHit[] {
    return this.searchExact(query, topK);
  }

  searchExact(query: Float32Array, topK: number): readonly RowHit[] {
    const top = new TopHits(Math.min(topK, this.#count), this.#compareRows);
    const score = this.#scorer(query);
    const { blocks, dimension, rowsPerBlock } = this.#rows;
    for (let row = 0; row < this.#end; row++) {
      if (this.#live[row] === 0) continue;
      const block = blocks[Math.floor(row / rowsPerBlock)]!;
      const value = Math.fround(score(block, (row % rowsPerBlock) * dimension, row));
      if (value > top.limit) continue;
      top.offer(row, value);
    }
    return top.sorted();
  }

  /** Gives single rows the scores that `search` gives them. */
  rowScorer(query: Float32Array): (row: number) => number {
    const score = this.#scorer(query);
    const { blocks, dimension, rowsPerBlock } = this.#rows;
    return (row) => {
      const block = blocks[Math.floor(row / rowsPerBlock)]!;
      return Math.fround(score(block, (row % rowsPerBlock) * dimension, row));
    };
  }

  /** The rows that hold a vector, ascending. */
  *liveRows(): Generator<number> {
    for (let row = 0; row < this.#end; row++) {
      if (this.#live[row] === 1) yield row;
    }
  }

  #scorer(query: Float32Array): Scorer {
    switch (this.#metric) {
      case "cosine":
        return this.#cosineScorer(query);
      case "euclidean":
        return (block, offset) => squaredDistance(query, block, offset);
      case "dot":
        // Subtracting, unlike a minus sign, makes no negative zero.
        return (block, offset) => 0 - innerProduct(query, block, offset);
    }
  }

  #cosineScorer(query: Float32Array): Scorer {
    const ownNorm = innerProduct(query, query, 0);
    const norms = this.#squaredNorms;
    if (ownNorm === 0) return () => 1;
    return (block, offset, row) => {
      const norm = norms[row]!;
      if (norm === 0) return 1;
      // The root of the product, not the product of the roots: it is exact for
      // equal vectors, which so score exactly 0. Rounding can carry the others a
      // hair out of the range.
      const cosine = innerProduct(query, block, offset) / Math.sqrt(ownNorm * norm);
      return Math.min(2, Math.max(0, 1 - cosine));
    };
  }

  #reserve(rows: number): void {
    if (rows <= this.#live.length) return;
    const capacity = Math.max(FIRST_ROWS, rows, this.#live.length * 2);
    const live = new Uint8Array(capacity);
    live.set(this.#live);
    this.#live = live;
    if (this.#metric !== "cosine") return;
    const norms = new Float64Array(capacity);
    norms.set(this.#squaredNorms);
    this.#squaredNorms = norms;
  }
}

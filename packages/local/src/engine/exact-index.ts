import { innerProduct, squaredDistance } from "./kernels.ts";
import type { Metric } from "./metric.ts";
import { RowChanges } from "./row-changes.ts";
import type { RowHit } from "./row-hit.ts";
import type { SearchSteps } from "./search-steps.ts";
import { type CompareRows, TopHits } from "./top-hits.ts";
import type { IndexSource, VectorIndex } from "./vector-index.ts";
import type { VectorRows } from "./vector-rows.ts";

const FIRST_ROWS = 16;
/** Components that are looked at in one turn of the event loop: about 3 ms. */
const SLICE_COMPONENTS = 2 * 1024 * 1024;

/** What offers to a `TopHits` every row that may belong to it, and stops where others may go first. */
export type Scan = (query: Float32Array, top: TopHits) => Generator<undefined, void, void>;

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
  readonly #changes = new RowChanges();
  readonly #sliceRows: number;
  /** 1 for a row that holds a vector. */
  #live = new Uint8Array(0);
  /** The squared length of each row's vector; kept for cosine only. */
  #squaredNorms = new Float64Array(0);
  #end = 0;
  #count = 0;

  constructor(source: IndexSource, sliceComponents = SLICE_COMPONENTS) {
    this.#sliceRows = Math.max(1, Math.floor(sliceComponents / source.rows.dimension));
    this.#metric = source.metric;
    this.#rows = source.rows;
    this.#compareRows = source.compareRows;
  }

  /** How many rows hold a vector. */
  get size(): number {
    return this.#count;
  }

  get memoryBytes(): number {
    return this.#live.byteLength + this.#squaredNorms.byteLength;
  }

  isLive(row: number): boolean {
    return this.#live[row] === 1;
  }

  set(row: number, vector: Float32Array): void {
    this.#changes.note(row);
    this.#reserve(row + 1);
    if (this.#live[row] === 0) this.#count++;
    this.#live[row] = 1;
    this.#end = Math.max(this.#end, row + 1);
    if (this.#metric === "cosine") this.#squaredNorms[row] = innerProduct(vector, vector, 0);
  }

  remove(row: number): void {
    if (this.#live[row] !== 1) return;
    this.#changes.note(row);
    this.#live[row] = 0;
    this.#count--;
  }

  search(query: Float32Array, topK: number): SearchSteps {
    return this.searchExact(query, topK);
  }

  searchExact(query: Float32Array, topK: number): SearchSteps {
    return this.searchBy((vector, top) => this.#scan(vector, top), query, topK);
  }

  /** Searches by a scan during which rows may change. */
  *searchBy(scan: Scan, query: Float32Array, topK: number): SearchSteps {
    const changed = this.#changes.watch();
    try {
      const top = new TopHits(topK, this.#compareRows);
      yield* scan(query, top);
      if (changed.size === 0) return top.sorted();
      // What was found as it no longer is may have kept out others.
      if (top.sorted().some(({ row }) => changed.has(row))) return this.#searchAtOnce(scan, query, topK);
      const scoreOf = this.rowScorer(query);
      for (const row of changed) if (this.isLive(row)) top.offer(row, scoreOf(row));
      return top.sorted();
    } finally {
      this.#changes.unwatch(changed);
    }
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

  #searchAtOnce(scan: Scan, query: Float32Array, topK: number): readonly RowHit[] {
    const top = new TopHits(topK, this.#compareRows);
    for (const _stop of scan(query, top));
    return top.sorted();
  }

  *#scan(query: Float32Array, top: TopHits): Generator<undefined, void, void> {
    const end = this.#end;
    for (let first = 0; first < end; first += this.#sliceRows) {
      if (end > this.#sliceRows) yield;
      this.#scanRows(query, top, { first, end: Math.min(first + this.#sliceRows, end) });
    }
  }

  #scanRows(query: Float32Array, top: TopHits, { first, end }: { first: number; end: number }): void {
    const score = this.#scorer(query);
    const { blocks, dimension, rowsPerBlock } = this.#rows;
    for (let row = first; row < end; row++) {
      if (this.#live[row] === 0) continue;
      const block = blocks[Math.floor(row / rowsPerBlock)]!;
      const value = Math.fround(score(block, (row % rowsPerBlock) * dimension, row));
      if (value > top.limit) continue;
      top.offer(row, value);
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

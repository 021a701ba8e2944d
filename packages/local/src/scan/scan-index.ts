import { ExactIndex } from "../engine/exact-index.ts";
import { TopHits } from "../engine/top-hits.ts";
import type { CreateIndex, IndexSource, RowHit, VectorIndex } from "../engine/vector-index.ts";
import { chooseCenter } from "./center.ts";
import { CodeTable } from "./code-table.ts";
import { isKernelSupported } from "./kernel.ts";
import { MAX_DIMENSION, Quantizer } from "./quantizer.ts";

export interface ScanOptions {
  /**
   * From how many components (rows times dimension) on codes are kept; Infinity:
   * never. Default 262,144: up to there a look at every row takes half a
   * millisecond, and the rows are enough to measure the others from.
   */
  readonly codesFromComponents?: number;
}

const CODES_FROM_COMPONENTS = 262_144;
/** A search for a larger part of the rows than this scores most of them in any case. */
const LARGEST_PART = 1 / 10;

/**
 * Finds exactly what `ExactIndex` finds, but looks at most rows through 8-bit
 * codes only: a scan of the codes, in WebAssembly, leaves the few rows that can be
 * among the nearest. Where WebAssembly does not run, it looks at every row.
 *
 * There is nothing to build or to tune, and rows come and go at no extra cost.
 */
export class ScanIndex implements VectorIndex {
  readonly #source: IndexSource;
  readonly #exact: ExactIndex;
  #codesFromComponents: number;
  #codes: CodeTable | undefined;

  constructor(source: IndexSource, options: ScanOptions = {}) {
    this.#source = source;
    this.#exact = new ExactIndex(source);
    const codable = isKernelSupported() && source.rows.dimension <= MAX_DIMENSION;
    const from = options.codesFromComponents ?? CODES_FROM_COMPONENTS;
    this.#codesFromComponents = codable ? from : Number.POSITIVE_INFINITY;
  }

  /** How many rows hold a vector. */
  get size(): number {
    return this.#exact.size;
  }

  /** Bytes of the codes; the vectors themselves are their owner's. */
  get memoryBytes(): number {
    return this.#codes?.memoryBytes ?? 0;
  }

  set(row: number, vector: Float32Array): void {
    this.#exact.set(row, vector);
    try {
      if (this.#codes !== undefined) this.#codes.set(row, vector);
      else if (this.size * vector.length >= this.#codesFromComponents) this.#codes = this.#encodeAll();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // There is no memory for codes. The vectors themselves are there, so the answers are too.
      this.#codes = undefined;
      this.#codesFromComponents = Number.POSITIVE_INFINITY;
    }
  }

  remove(row: number): void {
    this.#exact.remove(row);
    this.#codes?.remove(row);
  }

  search(query: Float32Array, topK: number): readonly RowHit[] {
    const wanted = Math.min(topK, this.size);
    if (this.#codes === undefined || wanted > this.size * LARGEST_PART) return this.searchExact(query, topK);
    const top = new TopHits(wanted, this.#source.compareRows);
    this.#codes.search(query, top, this.#exact.rowScorer(query));
    return top.sorted();
  }

  /** The same, by a look at every row. */
  searchExact(query: Float32Array, topK: number): readonly RowHit[] {
    return this.#exact.search(query, topK);
  }

  #encodeAll(): CodeTable {
    const { metric, rows } = this.#source;
    const live = [...this.#exact.liveRows()];
    const vectors = live.map((row) => rows.view(row));
    const codes = new CodeTable(new Quantizer(metric, chooseCenter(metric, rows.dimension, vectors)));
    for (const [n, row] of live.entries()) codes.set(row, vectors[n]!);
    return codes;
  }
}

/** Makes a collection's scan, with its defaults. */
export const createScanIndex: CreateIndex = (source) => new ScanIndex(source);

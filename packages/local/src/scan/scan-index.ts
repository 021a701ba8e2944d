import { ExactIndex } from "../engine/exact-index.ts";
import type { SearchSteps } from "../engine/search-steps.ts";
import type { TopHits } from "../engine/top-hits.ts";
import type { CreateIndex, IndexSource, VectorIndex } from "../engine/vector-index.ts";
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
  /** How many codes are looked at in one turn of the event loop. Default 64 Mi: about 3.5 ms. */
  readonly sliceCodes?: number;
  /** How many components are looked at in one turn where there are no codes. Default 2 Mi: about 3 ms. */
  readonly sliceComponents?: number;
}

const CODES_FROM_COMPONENTS = 262_144;
/** A search for a larger part of the rows than this scores most of them in any case. */
const LARGEST_PART = 1 / 10;
const SLICE_CODES = 64 * 1024 * 1024;

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
  readonly #sliceCodes: number;
  #codesFromComponents: number;
  #codes: CodeTable | undefined;

  constructor(source: IndexSource, options: ScanOptions = {}) {
    this.#source = source;
    this.#exact = new ExactIndex(source, options.sliceComponents);
    this.#sliceCodes = options.sliceCodes ?? SLICE_CODES;
    const codable = isKernelSupported() && source.rows.dimension <= MAX_DIMENSION;
    const from = options.codesFromComponents ?? CODES_FROM_COMPONENTS;
    this.#codesFromComponents = codable ? from : Number.POSITIVE_INFINITY;
  }

  /** How many rows hold a vector. */
  get size(): number {
    return this.#exact.size;
  }

  /** Without the vectors themselves, which are their owner's. */
  get memoryBytes(): number {
    return this.codeBytes + this.#exact.memoryBytes;
  }

  get codeBytes(): number {
    return this.#codes?.memoryBytes ?? 0;
  }

  /** Gives single rows the scores that `search` gives them. */
  rowScorer(query: Float32Array): (row: number) => number {
    return this.#exact.rowScorer(query);
  }

  /** Whether a row holds a vector. */
  isLive(row: number): boolean {
    return this.#exact.isLive(row);
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

  search(query: Float32Array, topK: number): SearchSteps {
    const codes = this.#codes;
    const wanted = Math.min(topK, this.size);
    if (codes === undefined || wanted > this.size * LARGEST_PART) return this.searchExact(query, topK);
    const scoreOf = this.#exact.rowScorer(query);
    const scan = (vector: Float32Array, top: TopHits) =>
      codes.search(vector, { top, scoreOf, sliceCodes: this.#sliceCodes });
    return this.#exact.searchBy(scan, query, topK);
  }

  /** The same, by a look at every row. */
  searchExact(query: Float32Array, topK: number): SearchSteps {
    return this.#exact.searchExact(query, topK);
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

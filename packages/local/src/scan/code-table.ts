import type { TopHits } from "../engine/top-hits.ts";
import { CandidateHeap } from "./candidate-heap.ts";
import { CodeSegment, MAX_SCAN_ROWS, rowsWithin } from "./code-segment.ts";
import { boundOf, type Quantizer } from "./quantizer.ts";

/** Bounds what has to be copied where a memory cannot grow in place, and what a growing one holds in reserve. */
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Blocks start small: until as many rows as are wanted have scores, no row can be ruled out. */
const FIRST_BLOCK_ROWS = 256;

/** A search of a larger part of a slice lets others go first. */
const LONG_PART = 4;

/** What a search of a table is for. */
export interface TableSearch {
  readonly top: TopHits;
  readonly scoreOf: (row: number) => number;
  /** How many codes may be looked at without a stop. */
  readonly sliceCodes: number;
}

/** The codes of any number of rows, and the search over them. */
export class CodeTable {
  readonly #quantizer: Quantizer;
  readonly #rowsPerSegment: number;
  readonly #segments: CodeSegment[] = [];
  readonly #candidates = new CandidateHeap(MAX_SCAN_ROWS);

  /** Codes go into segments of about `segmentBytes`. Default: 64 MiB. */
  constructor(quantizer: Quantizer, segmentBytes = SEGMENT_BYTES) {
    this.#quantizer = quantizer;
    this.#rowsPerSegment = rowsWithin(segmentBytes, quantizer.width);
  }

  get memoryBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.memoryBytes, 0);
  }

  /** Writes a row. Throws a RangeError when there is no memory for it. */
  set(row: number, vector: Float32Array): void {
    const index = Math.floor(row / this.#rowsPerSegment);
    while (this.#segments.length <= index) {
      this.#segments.push(new CodeSegment(this.#quantizer.width, this.#rowsPerSegment));
    }
    this.#segments[index]!.write(row % this.#rowsPerSegment, this.#quantizer.encodeRow(vector));
  }

  /** Makes a row empty. */
  remove(row: number): void {
    this.#segments[Math.floor(row / this.#rowsPerSegment)]?.erase(row % this.#rowsPerSegment);
  }

  /**
   * Offers to `top`, with its score, every row that may belong to it. The better
   * the rows found so far, the fewer of the others need a score. It stops before
   * each slice of a table that is too large for one turn of the event loop.
   */
  *search(vector: Float32Array, { top, scoreOf, sliceCodes }: TableSearch): Generator<undefined, void, void> {
    const query = this.#quantizer.encodeQuery(vector);
    const sliceRows = Math.floor(sliceCodes / this.#quantizer.width);
    const isLong = this.#rows * this.#quantizer.width > sliceCodes / LONG_PART;
    let blockRows = FIRST_BLOCK_ROWS;
    let rowsLeft = 0;
    for (const [index, segment] of this.#segments.entries()) {
      for (let at = 0; at < segment.end; ) {
        const isStop = rowsLeft <= 0;
        if (isStop) rowsLeft = sliceRows;
        if (isStop && isLong) yield;
        // At a stop, another search may have been here.
        if (isStop || at === 0) segment.load(query);
        const rows = Math.min(blockRows, segment.end - at);
        const found = segment.scan(query, boundOf(query, top.limit), at, rows);
        this.#candidates.fill(found.bounds, found.count);
        for (;;) {
          const next = this.#candidates.take(boundOf(query, top.limit));
          if (next < 0) break;
          const row = index * this.#rowsPerSegment + at + found.rows[next]!;
          top.offer(row, scoreOf(row));
        }
        at += rows;
        rowsLeft -= rows;
        blockRows = Math.min(2 * blockRows, MAX_SCAN_ROWS);
      }
    }
  }

  get #rows(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.end, 0);
  }
}

import type { TopHits } from "../engine/top-hits.ts";
import { CandidateHeap } from "./candidate-heap.ts";
import { CodeSegment, MAX_SCAN_ROWS, rowsWithin } from "./code-segment.ts";
import { boundOf, type Quantizer } from "./quantizer.ts";

/** Bounds what has to be copied where a memory cannot grow in place, and what a growing one holds in reserve. */
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Blocks start small: until as many rows as are wanted have scores, no row can be ruled out. */
const FIRST_BLOCK_ROWS = 256;

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
   * the rows found so far, the fewer of the others need a score.
   */
  search(vector: Float32Array, top: TopHits, scoreOf: (row: number) => number): void {
    const query = this.#quantizer.encodeQuery(vector);
    let blockRows = FIRST_BLOCK_ROWS;
    for (const [index, segment] of this.#segments.entries()) {
      const start = index * this.#rowsPerSegment;
      segment.load(query);
      for (let at = 0; at < segment.end; ) {
        const rows = Math.min(blockRows, segment.end - at);
        const found = segment.scan(query, boundOf(query, top.limit), at, rows);
        this.#candidates.fill(found.bounds, found.count);
        for (;;) {
          const next = this.#candidates.take(boundOf(query, top.limit));
          if (next < 0) break;
          const row = start + at + found.rows[next]!;
          top.offer(row, scoreOf(row));
        }
        at += rows;
        blockRows = Math.min(2 * blockRows, MAX_SCAN_ROWS);
      }
    }
  }
}

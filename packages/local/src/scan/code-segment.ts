import { createKernel, createMemory, type Kernel, type KernelMemory, PAGE_BYTES, pagesOf } from "./kernel.ts";
import { CODES_PER_STEP, type QueryCodes, type RowCodes } from "./quantizer.ts";

/** Rows that the kernel takes together: their codes are interleaved step by step, their constants follow. */
const GROUP_ROWS = 4;
const STEP_BYTES = GROUP_ROWS * CODES_PER_STEP;
const CONSTANTS_BYTES = 64;
/** Of the constants, after the four float64 bases. */
const SCALES_AT = 32;
const ERRORS_AT = 48;

/** The most rows of one scan: many enough that the call costs nothing, few enough to stay in the cache. */
export const MAX_SCAN_ROWS = 4096;

/** What a scan found, in the order of the rows. Overwritten by the next scan of the segment. */
export interface Found {
  readonly count: number;
  /** Row numbers, counted from the first that was scanned. */
  readonly rows: Int32Array;
  readonly bounds: Float64Array;
}

/**
 * The codes of a limited number of rows, in a WebAssembly memory of their own:
 *
 *     query codes | bounds found (float64) | rows found (int32) | groups of rows
 *
 * Rows may be written in any order; the others are empty.
 */
export class CodeSegment {
  readonly #width: number;
  readonly #boundsAt: number;
  readonly #rowsAt: number;
  readonly #groupsAt: number;
  readonly #maxBytes: number;
  readonly #memory: KernelMemory;
  readonly #kernel: Kernel;
  #views: Views;
  #groups = 0;

  /** `width` is a multiple of `CODES_PER_STEP`, `maxRows` of four. Throws a RangeError when there is no memory. */
  constructor(width: number, maxRows: number) {
    this.#width = width;
    this.#boundsAt = Math.ceil((2 * width) / 64) * 64;
    this.#rowsAt = this.#boundsAt + 8 * MAX_SCAN_ROWS;
    this.#groupsAt = this.#rowsAt + 4 * MAX_SCAN_ROWS;
    this.#maxBytes = this.#groupsAt + (maxRows / GROUP_ROWS) * groupBytes(width);
    this.#memory = createMemory(this.#groupsAt + groupBytes(width), this.#maxBytes);
    this.#kernel = createKernel(this.#memory);
    this.#views = viewsOf(this.#memory.buffer);
  }

  /** One past the last row written, rounded up to a multiple of four. */
  get end(): number {
    return this.#groups * GROUP_ROWS;
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Writes a row. Throws a RangeError when there is no memory for it. */
  write(row: number, encoded: RowCodes): void {
    this.#reserve(row);
    const { int8, float32, float64 } = this.#views;
    const { codes } = encoded;
    const lane = row % GROUP_ROWS;
    let to = this.#groupAt(row) + lane * CODES_PER_STEP;
    for (let from = 0; from < codes.length; from += CODES_PER_STEP) {
      for (let i = 0; i < CODES_PER_STEP; i++) int8[to + i] = codes[from + i]!;
      to += STEP_BYTES;
    }
    const constants = this.#constantsAt(row);
    float64[constants / 8 + lane] = encoded.base;
    float32[(constants + SCALES_AT) / 4 + lane] = encoded.scale;
    float32[(constants + ERRORS_AT) / 4 + lane] = encoded.error;
  }

  /** Makes a row empty. */
  erase(row: number): void {
    if (row < this.end) this.#views.float64[this.#constantsAt(row) / 8 + (row % GROUP_ROWS)] = Number.NaN;
  }

  /** Takes the query of the scans that follow. */
  load(query: QueryCodes): void {
    this.#views.int16.set(query.codes);
  }

  /** Finds the rows with a bound of at most `threshold`, among `rows` of them from `first`; both multiples of four. */
  scan(query: QueryCodes, threshold: number, first: number, rows: number): Found {
    const count = this.#kernel.scan(
      this.#groupAt(first),
      rows / GROUP_ROWS,
      this.#width / CODES_PER_STEP,
      0,
      this.#boundsAt,
      this.#rowsAt,
      threshold,
      query.dotFactor,
      query.dotError,
      query.errorFactor,
    );
    const { int32, float64 } = this.#views;
    return {
      count,
      rows: int32.subarray(this.#rowsAt / 4, this.#rowsAt / 4 + count),
      bounds: float64.subarray(this.#boundsAt / 8, this.#boundsAt / 8 + count),
    };
  }

  #groupAt(row: number): number {
    return this.#groupsAt + Math.floor(row / GROUP_ROWS) * groupBytes(this.#width);
  }

  #constantsAt(row: number): number {
    return this.#groupAt(row) + GROUP_ROWS * this.#width;
  }

  #reserve(row: number): void {
    const first = this.end;
    if (row < first) return;
    const groups = Math.floor(row / GROUP_ROWS) + 1;
    const needed = this.#groupsAt + groups * groupBytes(this.#width);
    const held = this.memoryBytes;
    if (needed > held) {
      const bytes = Math.max(needed, Math.min(2 * held, this.#maxBytes));
      this.#memory.grow(pagesOf(bytes) - held / PAGE_BYTES);
      this.#views = viewsOf(this.#memory.buffer);
    }
    this.#groups = groups;
    for (let empty = first; empty < this.end; empty++) this.erase(empty);
  }
}

/** How many rows, a power of two and at least four, have their codes within `bytes`. */
export function rowsWithin(bytes: number, width: number): number {
  return GROUP_ROWS << Math.max(0, Math.floor(Math.log2(bytes / groupBytes(width))));
}

function groupBytes(width: number): number {
  return GROUP_ROWS * width + CONSTANTS_BYTES;
}

/** One memory under several types. Growing the memory detaches all of them. */
interface Views {
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

function viewsOf(buffer: ArrayBuffer): Views {
  return {
    int8: new Int8Array(buffer),
    int16: new Int16Array(buffer),
    int32: new Int32Array(buffer),
    float32: new Float32Array(buffer),
    float64: new Float64Array(buffer),
  };
}

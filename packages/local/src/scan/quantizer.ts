import type { Metric } from "../engine/metric.ts";
import { sumOfSquares, unitFactor } from "./lengths.ts";

/** Codes that the kernel takes in one step. */
export const CODES_PER_STEP = 16;
/** Beyond this, sums of 32 bits would leave less than eight bits to the codes of a query. */
export const MAX_DIMENSION = 65_536;
const ROW_CODE_LIMIT = 127;
const QUERY_CODE_LIMIT = 32_767;
const LARGEST_INT32 = 2 ** 31 - 1;

/**
 * What rounding may do to a score, relative to the squared lengths it is made of:
 * a float32 score, at most twice their sum, is off by up to 2^-24 of itself. The
 * errors of float64 sums are far below that for any dimension that fits in memory.
 */
const SLACK = 2 ** -21;
const SMALLEST_FLOAT32 = 2 ** -149;
const SMALLEST_NORMAL_FLOAT32 = 2 ** -126;
const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** A row as the kernel reads it. */
export interface RowCodes {
  readonly codes: Int8Array;
  /** A(x), less what rounding may take away. */
  readonly base: number;
  /** Rounded to float32. */
  readonly scale: number;
  /** At least |x - x'|, rounded to float32. */
  readonly error: number;
}

/** A query as the kernel takes it. */
export interface QueryCodes {
  readonly codes: Int16Array;
  readonly dotFactor: number;
  readonly dotError: number;
  readonly errorFactor: number;
  /** C(y), less what rounding may take away. */
  readonly offset: number;
}

/** Sums over a vector x that is measured from the centre c. */
interface Measures {
  /** x·x */
  readonly squares: number;
  /** c·x */
  readonly alongCenter: number;
  /** The largest |component| of x. */
  readonly largest: number;
}

/**
 * Turns vectors into 8-bit codes from which the score of a row can be bounded.
 *
 * Let x be a row and y a query, both measured from a common centre c (for cosine
 * scaled to length 1 before). With terms A and C that depend on one of the two
 * only, every metric is
 *
 *     score = C(y) + A(x) - w x·y
 *
 *     euclidean   w = 2   A = x·x     C = y·y
 *     dot         w = 1   A = -c·x    C = -c·(y + c)
 *     cosine      w = 1   A = -c·x    C = 1 - c·(y + c)
 *
 * A row is kept as x' = scale * codes, a query in 16-bit codes as y', and
 *
 *     x·y = x'·y' + x'·(y - y') + (x - x')·y
 *
 * The first term is an integer product. The others are at most |x'| |y - y'| and
 * |x - x'| |y| (Cauchy-Schwarz), and |x - x'| is kept beside the codes. That bounds
 * every score from below, whatever the data: an outlier among the components
 * makes the row's scale coarse and its error large, so the row is more often
 * scored in full, but it is never missed. The choice of the centre, too, changes
 * only how tight the bounds are.
 */
export class Quantizer {
  /** Codes of a vector: one per dimension, then zeros up to a multiple of `CODES_PER_STEP`. */
  readonly width: number;
  readonly #metric: Metric;
  readonly #center: Float64Array;
  readonly #centerNorm: number;
  readonly #queryCodeLimit: number;
  /** The vector at hand, measured from the centre. */
  readonly #point: Float64Array;
  readonly #rowCodes: Int8Array;

  /** The centre has one component per dimension; `center.ts` chooses a good one. */
  constructor(metric: Metric, center: Float64Array) {
    this.width = Math.ceil(center.length / CODES_PER_STEP) * CODES_PER_STEP;
    this.#metric = metric;
    this.#center = center;
    this.#centerNorm = Math.sqrt(sumOfSquares(center));
    // The kernel adds up products in 32 bits.
    this.#queryCodeLimit = Math.min(
      QUERY_CODE_LIMIT,
      Math.floor(LARGEST_INT32 / (ROW_CODE_LIMIT * this.width)),
    );
    this.#point = new Float64Array(center.length);
    this.#rowCodes = new Int8Array(this.width);
  }

  /** The codes of a row, valid until the next call. */
  encodeRow(vector: Float32Array): RowCodes {
    const { squares, alongCenter, largest } = this.#measure(vector);
    const codes = this.#rowCodes;
    const scale = rowScale(largest);
    const error = Math.sqrt(quantize(this.#point, scale, codes));
    const reach = Math.sqrt(squares) + this.#centerNorm;
    const base =
      this.#metric === "euclidean"
        ? squares - SLACK * squares
        : 0 - alongCenter - SLACK * this.#centerNorm * reach;
    return { codes, base, scale, error: roundUp(error + SLACK * reach) };
  }

  encodeQuery(query: Float32Array): QueryCodes {
    const { squares, alongCenter, largest } = this.#measure(query);
    const codes = new Int16Array(this.width);
    const scale = largest / this.#queryCodeLimit;
    const error = Math.sqrt(quantize(this.#point, scale, codes));
    const weight = this.#metric === "euclidean" ? 2 : 1;
    return {
      codes,
      dotFactor: weight * scale,
      // |x'| is at most its scale times this many.
      dotError: weight * error * ROW_CODE_LIMIT * Math.sqrt(this.#point.length),
      // Never zero: it is multiplied with errors that may have become infinite.
      errorFactor: Math.max(weight * Math.sqrt(squares), Number.MIN_VALUE),
      offset: this.#queryOffset(squares, alongCenter),
    };
  }

  #queryOffset(squares: number, alongCenter: number): number {
    if (this.#metric === "euclidean") return squares - SLACK * squares - SMALLEST_FLOAT32;
    const norm = this.#centerNorm;
    const slack = SLACK * norm * (Math.sqrt(squares) + norm) + SMALLEST_FLOAT32;
    const offset = 0 - alongCenter - norm * norm - slack;
    return this.#metric === "cosine" ? 1 - SLACK + offset : offset;
  }

  /** Puts a vector, measured from the centre, into `#point`. */
  #measure(vector: Float32Array): Measures {
    const factor = this.#metric === "cosine" ? unitFactor(vector) : 1;
    const center = this.#center;
    const point = this.#point;
    let squares = 0;
    let alongCenter = 0;
    let largest = 0;
    for (let i = 0; i < point.length; i++) {
      const origin = center[i]!;
      const value = vector[i]! * factor - origin;
      point[i] = value;
      squares += value * value;
      alongCenter += value * origin;
      largest = Math.max(largest, Math.abs(value));
    }
    return { squares, alongCenter, largest };
  }
}

/** The largest bound from the kernel at which a row can still have a score of at most `score`. */
export function boundOf(query: QueryCodes, score: number): number {
  // A score of -Infinity is a finite one that is too low for a float32.
  return Math.max(score, -LARGEST_FLOAT32) - query.offset;
}

/** Fills `codes` with the nearest multiples of `scale`; returns the sum of the squared differences. */
function quantize(point: Float64Array, scale: number, codes: Int8Array | Int16Array): number {
  const inverse = scale === 0 ? 0 : 1 / scale;
  let squaredError = 0;
  for (let i = 0; i < point.length; i++) {
    const value = point[i]!;
    // Not Math.round: it branches, and on vectors guesses wrong half of the time.
    const code = Math.floor(value * inverse + 0.5);
    codes[i] = code;
    const error = value - code * scale;
    squaredError += error * error;
  }
  return squaredError;
}

/** Zero for vectors so small that a float32 scale would be too coarse for their codes to fit. */
function rowScale(largest: number): number {
  const scale = Math.fround(largest / ROW_CODE_LIMIT);
  return scale < SMALLEST_NORMAL_FLOAT32 ? 0 : scale;
}

/** A float32 that is not below `value`. */
function roundUp(value: number): number {
  return Math.fround(value * (1 + 2 ** -23) + SMALLEST_FLOAT32);
}

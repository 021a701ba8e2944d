/** Large enough for long runs of memory, small enough that adding a block never stalls. */
const BLOCK_BYTES = 4 * 1024 * 1024;
const FIRST_BLOCK_ROWS = 16;

/**
 * Vectors of one dimension by row number, in blocks of contiguous memory. A
 * full block is never moved: growing to millions of rows costs one new block
 * at a time. Only the first block is replaced as it doubles to its full size, so
 * that a small collection stays small.
 */
export class VectorRows {
  readonly dimension: number;
  /** Rows in a full block, a power of two. Row `r` is in block `floor(r / rowsPerBlock)`. */
  readonly rowsPerBlock: number;
  readonly #blocks: Float32Array[] = [];

  constructor(dimension: number) {
    this.dimension = dimension;
    const fitting = Math.max(1, Math.floor(BLOCK_BYTES / (4 * dimension)));
    // A shift, not a power: it is an integer to the compiler too, and so are the offsets
    // that scans compute from it (as floating-point numbers they double a scan's time).
    this.rowsPerBlock = 1 << Math.floor(Math.log2(fitting));
  }

  /** The memory itself, for scans; rows never written are zero. */
  get blocks(): readonly Float32Array[] {
    return this.#blocks;
  }

  /** Copies a vector into a row. Rows are taken in order: `row` is at most one past the highest ever written. */
  set(row: number, vector: Float32Array): void {
    this.#grow(row);
    this.#blocks[this.#blockOf(row)]!.set(vector, this.#offsetOf(row));
  }

  /** A view of a row, valid until the row is written again. */
  view(row: number): Float32Array {
    const offset = this.#offsetOf(row);
    return this.#blocks[this.#blockOf(row)]!.subarray(offset, offset + this.dimension);
  }

  /** A copy of a row. */
  copy(row: number): Float32Array {
    return this.view(row).slice();
  }

  #blockOf(row: number): number {
    return Math.floor(row / this.rowsPerBlock);
  }

  #offsetOf(row: number): number {
    return (row % this.rowsPerBlock) * this.dimension;
  }

  #grow(row: number): void {
    const index = this.#blockOf(row);
    if (index > 0) {
      this.#blocks[index] ??= new Float32Array(this.rowsPerBlock * this.dimension);
      return;
    }
    const first = this.#blocks[0];
    const needed = row + 1;
    const held = (first?.length ?? 0) / this.dimension;
    if (needed <= held) return;
    const rows = Math.min(this.rowsPerBlock, Math.max(FIRST_BLOCK_ROWS, held * 2, needed));
    const grown = new Float32Array(rows * this.dimension);
    if (first !== undefined) grown.set(first);
    this.#blocks[0] = grown;
  }
}

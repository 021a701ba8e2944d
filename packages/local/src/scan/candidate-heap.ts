/**
 * Takes the entries of a list in the order of their bounds, lowest first, for a
 * reader that stops early: making a heap is linear, sorting would not be.
 */
export class CandidateHeap {
  readonly #heap: Int32Array;
  #bounds: Float64Array = new Float64Array(0);
  #size = 0;

  constructor(capacity: number) {
    this.#heap = new Int32Array(capacity);
  }

  /** Holds the entries 0 to `count - 1`, whose bounds must stay as they are until the last was taken. */
  fill(bounds: Float64Array, count: number): void {
    this.#bounds = bounds;
    this.#size = count;
    for (let i = 0; i < count; i++) this.#heap[i] = i;
    for (let i = (count >> 1) - 1; i >= 0; i--) this.#siftDown(i);
  }

  /** Takes the entry with the lowest bound, unless that exceeds `limit` or none is left: then -1. */
  take(limit: number): number {
    if (this.#size === 0) return -1;
    const lowest = this.#heap[0]!;
    if (this.#bounds[lowest]! > limit) return -1;
    this.#size--;
    this.#heap[0] = this.#heap[this.#size]!;
    this.#siftDown(0);
    return lowest;
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    const bounds = this.#bounds;
    const entry = heap[start]!;
    const bound = bounds[entry]!;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && bounds[heap[child + 1]!]! < bounds[heap[child]!]!) child++;
      if (bounds[heap[child]!]! >= bound) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
  }
}

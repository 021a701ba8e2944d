import type { RowHit } from "./row-hit.ts";

/** Negative when row `a` comes before row `b` among equal scores. */
export type CompareRows = (a: number, b: number) => number;

/**
 * The best `capacity` of any number of scored rows, in exact order: ascending
 * score, ties by `compareRows`. A binary heap with the worst hit on top.
 */
export class TopHits {
  readonly #capacity: number;
  readonly #compareRows: CompareRows;
  readonly #heap: RowHit[] = [];
  #limit = Number.POSITIVE_INFINITY;

  constructor(capacity: number, compareRows: CompareRows) {
    this.#capacity = capacity;
    this.#compareRows = compareRows;
  }

  /** A row with a score above this cannot enter, so a scan need not offer it. */
  get limit(): number {
    return this.#limit;
  }

  /** Considers one row. NaN is no distance and never enters. */
  offer(row: number, score: number): void {
    if (Number.isNaN(score) || this.#capacity === 0) return;
    const hit = { row, score };
    if (this.#heap.length < this.#capacity) {
      this.#heap.push(hit);
      this.#siftUp(this.#heap.length - 1);
    } else {
      if (this.#compare(hit, this.#heap[0]!) >= 0) return;
      this.#heap[0] = hit;
      this.#siftDown();
    }
    if (this.#heap.length === this.#capacity) this.#limit = this.#heap[0]!.score;
  }

  /** The hits, best first. */
  sorted(): RowHit[] {
    return [...this.#heap].sort((a, b) => this.#compare(a, b));
  }

  #compare(a: RowHit, b: RowHit): number {
    if (a.score !== b.score) return a.score < b.score ? -1 : 1;
    return this.#compareRows(a.row, b.row);
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    const hit = heap[start]!;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(heap[parent]!, hit) >= 0) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = hit;
  }

  #siftDown(): void {
    const heap = this.#heap;
    const hit = heap[0]!;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const worse = right < heap.length && this.#compare(heap[right]!, heap[left]!) > 0 ? right : left;
      if (this.#compare(heap[worse]!, hit) <= 0) break;
      heap[at] = heap[worse]!;
      at = worse;
    }
    heap[at] = hit;
  }
}

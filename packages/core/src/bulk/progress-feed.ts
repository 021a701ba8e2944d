import type { BulkProgress } from "./bulk-report.ts";

/**
 * Progress as an async iterable. Each reader gets the latest state that it has
 * not seen, so that one which reads slowly misses states but never holds memory.
 * Ends with the load, whichever way that ends.
 */
export class ProgressFeed implements AsyncIterable<BulkProgress> {
  #latest: BulkProgress | undefined;
  #ended = false;
  #waiting: (() => void)[] = [];

  publish(progress: BulkProgress): void {
    this.#latest = progress;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BulkProgress> {
    let seen: BulkProgress | undefined;
    for (;;) {
      if (this.#latest !== undefined && this.#latest !== seen) {
        seen = this.#latest;
        yield seen;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

/** A run of consecutive records, settled from its first to its last. */
export interface Span {
  /** Index of the first record that is not settled. */
  next: number;
  /** Whether all of it is settled. */
  done: boolean;
}

/** Finds the settled records at the start of a source whose parts settle in any order. */
export class SettledPrefix {
  /** In the order of the source; the first is never done. */
  readonly #spans: Span[] = [];

  /** Begins a span at the record with that index; it ends where the next one begins. */
  open(index: number): Span {
    const span = { next: index, done: false };
    this.#spans.push(span);
    return span;
  }

  /** Marks all of a span as settled. */
  close(span: Span): void {
    span.done = true;
    while (this.#spans[0]?.done) this.#spans.shift();
  }

  /**
   * @param taken - how many records have been taken from the source
   */
  length(taken: number): number {
    return this.#spans[0]?.next ?? taken;
  }
}

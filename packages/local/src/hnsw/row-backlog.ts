/**
 * The rows that a graph has yet to take in: those that were there when it was
 * begun, in their order, then those that changed since.
 */
export class RowBacklog {
  #next: number;
  readonly #end: number;
  readonly #changed = new Set<number>();

  /** All rows below `end` are to be taken in. */
  constructor(end: number) {
    this.#next = 0;
    this.#end = end;
  }

  /** How many rows there are at most: some of the first may be empty. */
  get size(): number {
    return this.#end - this.#next + this.#changed.size;
  }

  /** Whether only rows that changed are left. */
  get isCaughtUp(): boolean {
    return this.#next === this.#end;
  }

  /** The rows that changed, once that is all there are. */
  get changed(): ReadonlySet<number> {
    return this.#changed;
  }

  /** The row has a vector that the graph does not have. */
  add(row: number): void {
    if (row < this.#next || row >= this.#end) this.#changed.add(row);
  }

  /** The row has none any more, or the graph has it. */
  remove(row: number): void {
    this.#changed.delete(row);
  }

  /** The next rows that are live. They stay in the backlog until they are removed from it. */
  take(count: number, isLive: (row: number) => boolean): number[] {
    const rows: number[] = [];
    if (this.isCaughtUp) {
      for (const row of this.#changed) if (rows.push(row) === count) break;
      return rows;
    }
    while (this.#next < this.#end && rows.length < count) {
      const row = this.#next++;
      if (!isLive(row)) continue;
      this.#changed.add(row);
      rows.push(row);
    }
    return rows;
  }
}

/** Tells searches that take several turns of the event loop which rows have changed meanwhile. */
export class RowChanges {
  readonly #watches = new Set<Set<number>>();

  /** The row has a new vector, or none. */
  note(row: number): void {
    for (const rows of this.#watches) rows.add(row);
  }

  /** A set that gets every row that changes, until it is handed to `unwatch`. */
  watch(): Set<number> {
    const rows = new Set<number>();
    this.#watches.add(rows);
    return rows;
  }

  unwatch(rows: Set<number>): void {
    this.#watches.delete(rows);
  }
}

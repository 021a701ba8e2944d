const FIRST = 1024;
const NONE = -1;

/** Which entry of the graph stands for which row, both ways, for entries that are up to date. */
export class RowEntries {
  #entryOfRow: Int32Array = new Int32Array(0);
  #rowOfEntry: Int32Array = new Int32Array(0);
  #size = 0;

  /** How many rows have an entry. */
  get size(): number {
    return this.#size;
  }

  get memoryBytes(): number {
    return this.#entryOfRow.byteLength + this.#rowOfEntry.byteLength;
  }

  rowOf(entry: number): number | undefined {
    const row = this.#rowOfEntry[entry] ?? NONE;
    return row === NONE ? undefined : row;
  }

  set(row: number, entry: number): void {
    this.#entryOfRow = withRoom(this.#entryOfRow, row);
    this.#rowOfEntry = withRoom(this.#rowOfEntry, entry);
    this.#entryOfRow[row] = entry;
    this.#rowOfEntry[entry] = row;
    this.#size += 1;
  }

  /** Parts a row from its entry, which is returned; undefined when it had none. */
  part(row: number): number | undefined {
    const entry = this.#entryOfRow[row] ?? NONE;
    if (entry === NONE) return undefined;
    this.#entryOfRow[row] = NONE;
    this.#rowOfEntry[entry] = NONE;
    this.#size -= 1;
    return entry;
  }
}

function withRoom(array: Int32Array, index: number): Int32Array {
  if (index < array.length) return array;
  const grown = new Int32Array(Math.max(FIRST, index + 1, 2 * array.length)).fill(NONE);
  grown.set(array);
  return grown;
}

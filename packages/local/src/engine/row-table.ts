import { IdMap } from "./id-map.ts";

/**
 * Which id lives in which row. Rows are small numbers without gaps: one that is
 * released is the next to be assigned again.
 */
export class RowTable {
  readonly #rowById = new IdMap();
  readonly #idByRow: (string | undefined)[] = [];
  readonly #free: number[] = [];

  /** How many ids have a row. */
  get size(): number {
    return this.#rowById.size;
  }

  rowOf(id: string): number | undefined {
    return this.#rowById.get(id);
  }

  /** One past the highest row ever assigned. */
  get end(): number {
    return this.#idByRow.length;
  }

  /** The id of a row; undefined when it is empty. */
  idAt(row: number): string | undefined {
    return this.#idByRow[row];
  }

  /** The id of a row in use. */
  idOf(row: number): string {
    const id = this.#idByRow[row];
    if (id === undefined) throw new RangeError(`row ${row} holds no point`);
    return id;
  }

  /** The row of `id`, which it gets now if it has none. */
  assign(id: string): number {
    const known = this.#rowById.get(id);
    if (known !== undefined) return known;
    const row = this.#free.pop() ?? this.#idByRow.length;
    this.#rowById.set(id, row);
    this.#idByRow[row] = id;
    return row;
  }

  /** A row for an id that has none, past all others. */
  append(id: string): number {
    const row = this.#idByRow.push(id) - 1;
    if (!this.#rowById.set(id, row)) throw new RangeError("the id has a row");
    return row;
  }

  /** Takes the row away from `id` and returns it; undefined when it had none. */
  release(id: string): number | undefined {
    const row = this.#rowById.get(id);
    if (row === undefined) return undefined;
    this.#rowById.delete(id);
    this.#idByRow[row] = undefined;
    this.#free.push(row);
    return row;
  }

  /** Every id with its row, in the order of the rows. */
  *entries(): Generator<readonly [id: string, row: number]> {
    for (const [row, id] of this.#idByRow.entries()) if (id !== undefined) yield [id, row];
  }
}

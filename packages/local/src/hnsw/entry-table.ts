const FIRST_ENTRIES = 1024;
/** In the place of a record: the entry is free. */
const FREE = -1;
/** The entry is of a vector without a record. */
export const NO_RECORD = -2;

/** Which record, with which vector, each entry of a graph is of. */
export class EntryTable {
  #records: Float64Array = new Float64Array(FIRST_ENTRIES).fill(FREE);
  #stamps: Uint32Array = new Uint32Array(FIRST_ENTRIES);
  #end = 0;
  readonly #free: number[] = [];

  /** One past the highest entry. */
  get end(): number {
    return this.#end;
  }

  /** The arrays themselves, up to the end. */
  get columns(): { readonly records: Float64Array; readonly stamps: Uint32Array } {
    return { records: this.#records.subarray(0, this.#end), stamps: this.#stamps.subarray(0, this.#end) };
  }

  static of(records: Float64Array, stamps: Uint32Array): EntryTable {
    const table = new EntryTable();
    table.#records = records;
    table.#stamps = stamps;
    table.#end = records.length;
    for (const [entry, record] of records.entries()) if (record === FREE) table.#free.push(entry);
    return table;
  }

  /** Takes a number that is free. */
  take(record: number, stamp: number): number {
    const entry = this.#free.pop() ?? this.#end++;
    this.#reserve(this.#end);
    this.#records[entry] = record;
    this.#stamps[entry] = stamp;
    return entry;
  }

  release(entry: number): void {
    this.#records[entry] = FREE;
    this.#free.push(entry);
  }

  /** The entries in use, each with its record. */
  *used(): Generator<readonly [entry: number, record: number]> {
    for (let entry = 0; entry < this.#end; entry++) {
      const record = this.#records[entry]!;
      if (record !== FREE) yield [entry, record];
    }
  }

  stampOf(entry: number): number {
    return this.#stamps[entry]!;
  }

  #reserve(entries: number): void {
    if (entries <= this.#records.length) return;
    const capacity = Math.max(entries, 2 * this.#records.length);
    const records = new Float64Array(capacity).fill(FREE);
    records.set(this.#records);
    const stamps = new Uint32Array(capacity);
    stamps.set(this.#stamps);
    this.#records = records;
    this.#stamps = stamps;
  }
}

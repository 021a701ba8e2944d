import { availableParallelism } from "node:os";
import { crc32 } from "node:zlib";
import { EntryTable, NO_RECORD } from "./entry-table.ts";
import { type KeptGraph, keepGraph, readKeptGraph } from "./graph-files.ts";
import { GraphSpace } from "./graph-space.ts";
import type { GraphRows, GraphSpec } from "./protocol.ts";
import { createUsearchIndex, type UsearchIndex } from "./usearch.ts";

/** Half of the cores: the others are left to the calls. */
const THREADS = Math.max(1, Math.floor(availableParallelism() / 2));

/** One graph, in the thread of the graphs. */
export class Graph {
  readonly #spec: GraphSpec;
  readonly #path: string | undefined;
  readonly #index: UsearchIndex;
  #table = new EntryTable();
  /** Made for the first vectors that come. */
  #space: GraphSpace | undefined;
  /** The entries that the graph was taken up with and nobody has added since, by record. */
  readonly #unclaimed = new Map<number, number>();

  constructor(spec: GraphSpec, path: string | undefined) {
    this.#spec = spec;
    this.#path = path;
    this.#index = createUsearchIndex(spec);
    const kept = path === undefined ? undefined : readKeptGraph(path, spec);
    if (kept !== undefined) this.#takeUp(kept);
  }

  get size(): number {
    return this.#index.size();
  }

  add({ vectors, records }: GraphRows): Uint32Array {
    const { dimension, metric } = this.#spec;
    const rows = Array.from({ length: vectors.length / dimension }, (_, n) =>
      vectors.subarray(n * dimension, (n + 1) * dimension),
    );
    this.#space ??= GraphSpace.around(metric, rows);
    const carried = new Float32Array(vectors.length);
    const added: number[] = [];
    const entries = Uint32Array.from(rows, (vector, n) => {
      const record = records?.[n] ?? NO_RECORD;
      const stamp = this.#path === undefined ? 0 : stampOf(vector);
      const known = this.#claim(record, stamp);
      if (known !== undefined) return known;
      this.#space!.carry(vector, carried, added.length * dimension);
      const entry = this.#table.take(record, stamp);
      added.push(entry);
      return entry;
    });
    if (added.length > 0) {
      this.#index.add(keysOf(added), carried.subarray(0, added.length * dimension).slice(), THREADS);
    }
    return entries;
  }

  remove(entries: ArrayLike<number>): void {
    if (entries.length === 0) return;
    this.#index.remove(keysOf(entries));
    for (let n = 0; n < entries.length; n++) this.#table.release(entries[n]!);
  }

  settle(): void {
    this.remove([...this.#unclaimed.values()]);
    this.#unclaimed.clear();
  }

  search(query: Float32Array, count: number): Uint32Array {
    if (this.#space === undefined || this.size === 0) return new Uint32Array(0);
    const carried = new Float32Array(query.length);
    this.#space.carry(query, carried);
    return entriesOf(this.#index.search(carried, Math.min(count, this.size), 1).keys);
  }

  save(): void {
    if (this.#path === undefined || this.#space === undefined) return;
    const { records, stamps } = this.#table.columns;
    const content = { spec: this.#spec, shape: this.#space.shape, records, stamps };
    keepGraph(this.#path, content, (file) => this.#index.save(file));
  }

  #takeUp({ file, shape, records, stamps }: KeptGraph): void {
    this.#index.load(file);
    this.#space = new GraphSpace(this.#spec.metric, shape);
    this.#table = EntryTable.of(records, stamps);
    const surplus: number[] = [];
    for (const [entry, record] of this.#table.used()) {
      if (record === NO_RECORD || this.#unclaimed.has(record)) surplus.push(entry);
      else this.#unclaimed.set(record, entry);
    }
    this.remove(surplus);
  }

  /** The entry that a graph taken up has for this vector of this record. */
  #claim(record: number, stamp: number): number | undefined {
    const entry = this.#unclaimed.get(record);
    if (entry === undefined || this.#table.stampOf(entry) !== stamp) return undefined;
    this.#unclaimed.delete(record);
    return entry;
  }
}

/** Tells a vector from another that its record had before. */
function stampOf(vector: Float32Array): number {
  return crc32(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
}

/** The library's keys are 64 bits, of which the lower half is enough; a number is in its low word first. */
function keysOf(entries: ArrayLike<number>): BigUint64Array {
  const words = new Uint32Array(2 * entries.length);
  for (let n = 0; n < entries.length; n++) words[2 * n] = entries[n]!;
  return new BigUint64Array(words.buffer);
}

function entriesOf(keys: BigUint64Array): Uint32Array {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  return Uint32Array.from({ length: keys.length }, (_, n) => words[2 * n]!);
}

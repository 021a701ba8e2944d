import { encodePoint, maxPointBytes } from "../engine/point-codec.ts";
import type { PointChange } from "../engine/store.ts";
import type { Commit } from "./commit-queue.ts";
import { pointKey } from "./keys.ts";
import type { Operation } from "./lmdb-file.ts";
import type { RecordNumbers } from "./record-numbers.ts";
import { SEAL_BYTES, seal } from "./seal.ts";

/** Values are written into shared pieces of memory: LMDB's binding has to look up the address of each. */
const MAX_PIECE_BYTES = 1024 * 1024;

interface EncodedChange {
  readonly id: string;
  /** Undefined when the point is to be removed. */
  readonly value: Uint8Array | undefined;
}

/** Changes to the points of a collection, encoded when they are made. */
export class PointCommit implements Commit {
  readonly bytes: number;
  readonly #collection: number;
  readonly #records: RecordNumbers;
  readonly #changes: readonly EncodedChange[];
  #undo: (readonly [id: string, record: number | undefined])[] = [];

  constructor(collection: number, records: RecordNumbers, changes: readonly PointChange[]) {
    this.#collection = collection;
    this.#records = records;
    const sizes = changes.map((change) =>
      change.kind === "put" ? SEAL_BYTES + maxPointBytes(change.point) : 0,
    );
    this.bytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#changes = encodeAll(changes, sizes, this.bytes);
  }

  operations(): readonly Operation[] {
    this.#undo = [];
    return this.#changes.flatMap(({ id, value }) => {
      const record = this.#records.of(id);
      if (value === undefined) return record === undefined ? [] : [this.#remove(id, record)];
      return [this.#put(id, record, value)];
    });
  }

  revert(): void {
    for (const [id, record] of this.#undo.reverse()) this.#records.set(id, record);
    this.#undo = [];
  }

  #put(id: string, known: number | undefined, value: Uint8Array): Operation {
    const record = known ?? this.#records.next();
    if (known === undefined) this.#note(id, known, record);
    const key = pointKey(this.#collection, record);
    seal(key, value);
    return { key, value };
  }

  #remove(id: string, record: number): Operation {
    this.#note(id, record, undefined);
    return { key: pointKey(this.#collection, record) };
  }

  #note(id: string, before: number | undefined, after: number | undefined): void {
    this.#undo.push([id, before]);
    this.#records.set(id, after);
  }
}

function encodeAll(
  changes: readonly PointChange[],
  sizes: readonly number[],
  total: number,
): EncodedChange[] {
  let left = total;
  let piece = new Uint8Array(0);
  return changes.map((change, n) => {
    if (change.kind === "delete") return { id: change.id, value: undefined };
    const size = sizes[n]!;
    if (piece.length < size) piece = new Uint8Array(Math.max(size, Math.min(left, MAX_PIECE_BYTES)));
    left -= size;
    const bytes = SEAL_BYTES + encodePoint(change.point, piece.subarray(SEAL_BYTES));
    const value = piece.subarray(0, bytes);
    piece = piece.subarray(bytes);
    return { id: change.point.id, value };
  });
}

import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Point } from "../engine/point.ts";
import { decodePoint } from "../engine/point-codec.ts";
import type { CollectionSpec, CollectionStore, IndexCache, PointChange } from "../engine/store.ts";
import { collectionNotFound } from "../service/failures.ts";
import type { CommitQueue } from "./commit-queue.ts";
import { pointKeys, recordOf } from "./keys.ts";
import { PointCommit } from "./point-commit.ts";
import { RecordNumbers } from "./record-numbers.ts";
import { SEAL_BYTES, unseal } from "./seal.ts";
import { damaged } from "./storage-errors.ts";
import type { Entry } from "./tree-reader.ts";

/** How long loading keeps the event loop to itself. */
const LOAD_SLICE_MS = 10;
/** Points between two looks at the clock. */
const LOAD_STEP = 64;

/** What a collection is loaded from, once. */
export interface LoadSource {
  entries(range: ReturnType<typeof pointKeys>): Iterable<Entry>;
  /** Says that the collection is loaded, and how many entries it had. */
  loaded(entries: number): void;
}

/** The points of one collection in the file. */
export class LmdbCollectionStore implements CollectionStore {
  /** What the file knows the collection by. */
  readonly number: number;
  readonly spec: CollectionSpec;
  readonly indexCache: IndexCache;
  readonly #path: string;
  readonly #queue: CommitQueue;
  readonly #records = new RecordNumbers();
  #source: LoadSource | undefined;
  #isDropped = false;

  constructor(
    file: { readonly path: string; readonly indexPath: string; readonly queue: CommitQueue },
    collection: { readonly number: number; readonly spec: CollectionSpec },
    source?: LoadSource,
  ) {
    this.number = collection.number;
    this.spec = collection.spec;
    this.#path = file.path;
    this.#queue = file.queue;
    this.#source = source;
    const path = join(file.indexPath, String(collection.number));
    this.indexCache = { path, recordOf: (id) => this.#records.of(id) };
  }

  /** The numbers of all records, for their removal. */
  get records(): RecordNumbers {
    return this.#records;
  }

  async *load(): AsyncGenerator<readonly Point[]> {
    const source = this.#source;
    this.#source = undefined;
    if (source === undefined) return;
    const vectors = Array.from({ length: LOAD_STEP }, () => new Float32Array(this.spec.dimension));
    let points: Point[] = [];
    let sliceEnd = performance.now() + LOAD_SLICE_MS;
    for (const entry of source.entries(pointKeys(this.number))) {
      points.push(this.#read(entry, vectors[points.length]!));
      if (points.length < LOAD_STEP) continue;
      yield points;
      points = [];
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + LOAD_SLICE_MS;
    }
    if (points.length > 0) yield points;
    source.loaded(this.#records.size);
  }

  async commit(changes: readonly PointChange[]): Promise<void> {
    if (this.#isDropped) throw collectionNotFound(this.spec.name);
    await this.#queue.push(new PointCommit(this.number, this.#records, changes));
  }

  /** Refuses commits from now on, or takes them again. */
  set isDropped(isDropped: boolean) {
    this.#isDropped = isDropped;
  }

  #read(entry: Entry, vector: Float32Array): Point {
    const point = this.#decode(entry, vector);
    if (this.#records.add(point.id, recordOf(entry.key))) return point;
    throw this.#damaged(entry, "another record has its id");
  }

  #decode(entry: Entry, vector: Float32Array): Point {
    const bytes = unseal(entry.key, entry.value);
    if (bytes === undefined) throw this.#damaged(entry, `its checksum is wrong${this.#seemingId(entry)}`);
    try {
      return decodePoint(bytes, vector);
    } catch (error) {
      throw this.#damaged(entry, "it is not a point", error);
    }
  }

  /** The id that a damaged record seems to be of, if that much can be read. */
  #seemingId({ value }: Entry): string {
    try {
      return `; it seems to be of the point ${JSON.stringify(decodePoint(value.subarray(SEAL_BYTES), new Float32Array(this.spec.dimension)).id)}`;
    } catch {
      return "";
    }
  }

  #damaged({ key, page }: Entry, what: string, cause?: unknown): Error {
    const where = `record ${recordOf(key)} of the collection ${JSON.stringify(this.spec.name)}`;
    return damaged(`${where} (page ${page} of ${this.#path})`, what, cause);
  }
}

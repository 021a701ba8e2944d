import type { AbortSignalLike } from "@vectron/core";
import { CollectionSnapshot } from "./collection-snapshot.ts";
import type { IndexStatus } from "./index-options.ts";
import { type Hit, isEmptyPayload, type Payload, type Point } from "./point.ts";
import type { RowHit } from "./row-hit.ts";
import { RowTable } from "./row-table.ts";
import { finishSearch } from "./search-steps.ts";
import type { CollectionSpec, CollectionStore, PointChange } from "./store.ts";
import { compareUtf8 } from "./utf8-order.ts";
import type { CreateIndex, RowCache, VectorIndex } from "./vector-index.ts";
import { VectorRows } from "./vector-rows.ts";

export interface SearchOptions {
  readonly topK: number;
  /** Whether hits carry a copy of their vector. Default false. */
  readonly includeVectors?: boolean;
  /** Ends a search that takes several turns of the event loop. */
  readonly signal?: AbortSignalLike;
}

const NO_GRAPHS = "this engine only scans: openVectron has graphs, openMemory does not";
const NO_PAYLOAD: Payload = Object.freeze({});

/**
 * The points of one collection. Arguments are taken as valid: vectors of the
 * collection's dimension, ids that are not empty. A change is seen by readers
 * once the store has it, whole: no reader sees half of a batch.
 */
export class Collection {
  #spec: CollectionSpec;
  readonly #store: CollectionStore;
  readonly #rows: RowTable;
  readonly #vectors: VectorRows;
  /** By row; a point without a payload has none. */
  readonly #payloads = new Map<number, Payload>();
  readonly #index: VectorIndex;
  readonly #snapshots = new Set<CollectionSnapshot>();

  constructor(spec: CollectionSpec, store: CollectionStore, createIndex: CreateIndex) {
    this.#spec = spec;
    this.#store = store;
    const rows = new RowTable();
    this.#rows = rows;
    this.#vectors = new VectorRows(spec.dimension);
    const source = {
      metric: spec.metric,
      rows: this.#vectors,
      compareRows: (a: number, b: number) => compareUtf8(rows.idOf(a), rows.idOf(b)),
      cache: rowCache(store, rows),
    };
    this.#index = createIndex(source, spec.index ?? {});
  }

  get spec(): CollectionSpec {
    return this.#spec;
  }

  /** How many points there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** Takes in the points that the store kept. Called once, before anything else. */
  async load(): Promise<void> {
    const release = this.#index.background?.hold();
    for await (const points of this.#store.load()) {
      for (const point of points) this.#fill(this.#rows.append(point.id), point);
    }
    release?.();
  }

  /** Lets go of what the index has built, or keeps it in the store's cache. */
  async close({ isDropped = false } = {}): Promise<void> {
    await this.#index.background?.close({ isDropped });
  }

  /** Writes points, each replacing the one of its id; of equal ids the last stays. All of them or, on an error, none. */
  async upsert(points: readonly Point[]): Promise<void> {
    await this.#commit(points.map((point) => ({ kind: "put", point })));
  }

  /** Removes a point; one that is not there is removed already. */
  async delete(id: string): Promise<void> {
    await this.#commit([{ kind: "delete", id }]);
  }

  /** A point as it was stored, its vector copied. */
  get(id: string): Point | undefined {
    const row = this.#rows.rowOf(id);
    return row === undefined ? undefined : this.#pointAt(row);
  }

  /** The nearest points: ascending score, ties by the UTF-8 bytes of the id. */
  search(query: Float32Array, options: SearchOptions): Promise<Hit[]> {
    const steps = this.#index.search(query, options.topK);
    return finishSearch(steps, (found) => this.#hits(found, options), options.signal);
  }

  /** The same without any approximation, whatever the index. */
  searchExact(query: Float32Array, options: SearchOptions): Promise<Hit[]> {
    const steps = this.#index.searchExact(query, options.topK);
    return finishSearch(steps, (found) => this.#hits(found, options), options.signal);
  }

  /** Searches by an index with these options from now on. */
  configureIndex(spec: CollectionSpec): void {
    this.#spec = spec;
    this.#index.background?.configure(spec.index ?? {});
  }

  indexStatus(): IndexStatus {
    const { background, memoryBytes } = this.#index;
    if (background !== undefined) return background.status();
    const status: IndexStatus = { tier: "scan", points: this.size, indexed: 0, pending: 0, memoryBytes };
    return this.#spec.index?.tier === "hnsw" ? { ...status, unavailable: NO_GRAPHS } : status;
  }

  /** Resolves when the index has taken in all points. */
  async indexed(): Promise<void> {
    await this.#index.background?.indexed();
  }

  /** Every point, with a view of its vector that is valid until the next change. */
  *points(): Generator<Point> {
    for (const [id, row] of this.#rows.entries()) {
      yield { id, vector: this.#vectors.view(row), payload: this.#payloadOf(row) };
    }
  }

  /**
   * The points as they are now, however they change while they are read. To be
   * closed: until then it keeps what has changed.
   */
  snapshot(): CollectionSnapshot {
    const source = { end: this.#rows.end, pointAt: (row: number) => this.#pointAt(row) };
    const snapshot = new CollectionSnapshot(source, (closed) => this.#snapshots.delete(closed));
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  async #commit(changes: readonly PointChange[]): Promise<void> {
    await this.#store.commit(changes);
    for (const change of changes) {
      if (change.kind === "put") this.#put(change.point);
      else this.#remove(change.id);
    }
  }

  #put(point: Point): void {
    const isNew = this.#rows.rowOf(point.id) === undefined;
    const row = this.#rows.assign(point.id);
    this.#keepInSnapshots(row, isNew);
    this.#fill(row, point);
  }

  #fill(row: number, point: Point): void {
    this.#vectors.set(row, point.vector);
    this.#index.set(row, point.vector);
    if (isEmptyPayload(point.payload)) this.#payloads.delete(row);
    else this.#payloads.set(row, point.payload);
  }

  #remove(id: string): void {
    const row = this.#rows.rowOf(id);
    if (row === undefined) return;
    this.#keepInSnapshots(row, false);
    this.#rows.release(id);
    this.#payloads.delete(row);
    this.#index.remove(row);
  }

  #pointAt(row: number): Point | undefined {
    const id = this.#rows.idAt(row);
    if (id === undefined) return undefined;
    return { id, vector: this.#vectors.copy(row), payload: this.#payloadOf(row) };
  }

  #keepInSnapshots(row: number, isEmpty: boolean): void {
    for (const snapshot of this.#snapshots) snapshot.keep(row, isEmpty ? undefined : this.#pointAt(row));
  }

  #payloadOf(row: number): Payload {
    return this.#payloads.get(row) ?? NO_PAYLOAD;
  }

  #hits(found: readonly RowHit[], { includeVectors = false }: SearchOptions): Hit[] {
    return found.map(({ row, score }) => {
      const hit = { id: this.#rows.idOf(row), score, payload: this.#payloadOf(row) };
      return includeVectors ? { ...hit, vector: this.#vectors.copy(row) } : hit;
    });
  }
}

function rowCache(store: CollectionStore, rows: RowTable): RowCache | undefined {
  const cache = store.indexCache;
  if (cache === undefined) return undefined;
  const recordOf = (row: number) => {
    const id = rows.idAt(row);
    return id === undefined ? undefined : cache.recordOf(id);
  };
  return { path: cache.path, recordOf };
}

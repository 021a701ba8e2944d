import type { IndexOptions } from "./index-options.ts";
import type { Metric } from "./metric.ts";
import type { Point } from "./point.ts";

/** What a collection is, apart from its points. */
export interface CollectionSpec {
  readonly name: string;
  readonly dimension: number;
  readonly metric: Metric;
  /** The metric's name as it is shown to callers. */
  readonly distance: string;
  /** How it is searched, where that is not the default. */
  readonly index?: IndexOptions | undefined;
}

/** One change to a collection. `put` replaces the point of the same id. */
export type PointChange =
  | { readonly kind: "put"; readonly point: Point }
  | { readonly kind: "delete"; readonly id: string };

/** Where the points of one collection are kept. The engine holds what searching needs beside it, in memory. */
export interface CollectionStore {
  /**
   * Every point kept from before, some at a time. Read once, before the first
   * commit. Their vectors may be overwritten when the next points are taken.
   */
  load(): AsyncIterable<readonly Point[]>;
  /**
   * Keeps all of the changes, in their order, or rejects and keeps none.
   * Commits take effect, and resolve, in the order in which they were called,
   * so that a caller need not wait for one before making the next.
   */
  commit(changes: readonly PointChange[]): Promise<void>;
  /** Where an index of the points may be kept, if anywhere. */
  readonly indexCache?: IndexCache;
}

/** Room for an index, which can be built again from the points. */
export interface IndexCache {
  /** Files whose path begins with this are the index's. */
  readonly path: string;
  /** The number that stands for a point for as long as it is kept. */
  recordOf(id: string): number | undefined;
}

/** Where an engine keeps its collections. */
export interface EngineStore {
  /** Every collection kept from before. Read once. */
  load(): Promise<readonly StoredCollection[]>;
  create(spec: CollectionSpec): Promise<CollectionStore>;
  /** Creates a collection that is not kept until it is published. */
  stage(spec: CollectionSpec): Promise<StagedCollection>;
  /** Keeps another spec of a collection; only its `index` differs. */
  respecify(spec: CollectionSpec): Promise<void>;
  /** Removes a collection with its points. */
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A collection that is being filled. If its engine ends before it is published, nothing of it is left. */
export interface StagedCollection {
  readonly store: CollectionStore;
  /** Keeps the collection with all points that it has, at once. */
  publish(): Promise<void>;
  /** Removes the collection with its points. */
  discard(): Promise<void>;
}

export interface StoredCollection {
  readonly spec: CollectionSpec;
  readonly store: CollectionStore;
}

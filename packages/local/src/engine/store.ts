import type { Metric } from "./metric.ts";
import type { Point } from "./point.ts";

/** What a collection is, apart from its points. */
export interface CollectionSpec {
  readonly name: string;
  readonly dimension: number;
  readonly metric: Metric;
  /** The metric's name as it is shown to callers. */
  readonly distance: string;
}

/** One change to a collection. `put` replaces the point of the same id. */
export type PointChange =
  | { readonly kind: "put"; readonly point: Point }
  | { readonly kind: "delete"; readonly id: string };

/** Where the points of one collection are kept. The engine holds what searching needs beside it, in memory. */
export interface CollectionStore {
  /**
   * Every point kept from before. Read once, before the first commit. A point's
   * vector may be overwritten when the next point is taken.
   */
  load(): AsyncIterable<Point>;
  /**
   * Keeps all of the changes, in their order, or rejects and keeps none.
   * Commits take effect, and resolve, in the order in which they were called,
   * so that a caller need not wait for one before making the next.
   */
  commit(changes: readonly PointChange[]): Promise<void>;
}

/** Where an engine keeps its collections. */
export interface EngineStore {
  /** Every collection kept from before. Read once. */
  load(): Promise<readonly StoredCollection[]>;
  create(spec: CollectionSpec): Promise<CollectionStore>;
  /** Creates a collection that is not kept until it is published. */
  stage(spec: CollectionSpec): Promise<StagedCollection>;
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

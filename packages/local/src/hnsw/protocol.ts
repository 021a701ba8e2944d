import type { Metric } from "../engine/metric.ts";

/** What a graph is made for; one that was kept with another spec is of no use. */
export interface GraphSpec {
  readonly dimension: number;
  readonly metric: Metric;
  readonly connectivity: number;
  readonly efConstruction: number;
}

/** Vectors for a graph, one after another. */
export interface GraphRows {
  readonly vectors: Float32Array;
  /** The numbers of their records; only where the graph is kept. */
  readonly records: Float64Array | undefined;
}

/**
 * What the thread of the graphs can do. An entry is a vector in a graph. The
 * numbers of entries that were removed are used again.
 */
export interface GraphCalls {
  /** Makes an empty graph or, if one of this spec is whole at `path`, takes that up. Resolves to how many entries it has. */
  open(graph: number, spec: GraphSpec, path: string | undefined): number;
  /** Adds vectors and resolves to their entries. One that a graph taken up has already is not added again. */
  add(graph: number, rows: GraphRows): Uint32Array;
  remove(graph: number, entries: Uint32Array): void;
  /** Removes what a graph was taken up with and nobody has added since. */
  settle(graph: number): void;
  /** About `count` entries that are nearest, in no order. */
  search(graph: number, query: Float32Array, count: number): Uint32Array;
  /** Keeps the graph at the path that it was opened with. */
  save(graph: number): void;
  close(graph: number): void;
}

export interface GraphRequest {
  readonly id: number;
  readonly name: keyof GraphCalls;
  readonly parameters: readonly unknown[];
}

export type GraphReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

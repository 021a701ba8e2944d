import { createRequire } from "node:module";
import type { Index } from "usearch";
import type { GraphSpec } from "./protocol.ts";

/** The part of the optional, native dependency that is used. */
type Usearch = typeof import("usearch");
export type UsearchIndex = Pick<Index, "add" | "remove" | "search" | "save" | "load" | "size">;

let usearch: Usearch | undefined;

/**
 * An empty index of half-precision vectors.
 *
 * @throws Error when the dependency is not installed or does not run here
 */
export function createUsearchIndex({
  dimension,
  metric,
  connectivity,
  efConstruction,
}: GraphSpec): UsearchIndex {
  usearch ??= createRequire(import.meta.url)("usearch") as Usearch;
  const { Index, MetricKind, ScalarKind } = usearch;
  return new Index({
    dimensions: dimension,
    metric: metric === "euclidean" ? MetricKind.L2sq : MetricKind.IP,
    quantization: ScalarKind.F16,
    connectivity,
    expansion_add: efConstruction,
    // A search looks at as many candidates as it returns.
    expansion_search: 1,
    multi: false,
  });
}

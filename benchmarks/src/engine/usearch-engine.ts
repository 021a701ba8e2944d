import { existsSync } from "node:fs";
import { join } from "node:path";
import usearch from "usearch";
import type { OpenEngine } from "./engine.ts";

/** What Vectron's engine uses for large collections, used directly: an index without ids, payloads or a log. */
export const openUsearchEngine: OpenEngine = async (directory, dimension) => {
  const file = join(directory, "index.usearch");
  const { Index, MetricKind, ScalarKind } = usearch;
  const index = new Index({
    dimensions: dimension,
    metric: MetricKind.L2sq,
    quantization: ScalarKind.F16,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 256,
    multi: false,
  });
  if (existsSync(file)) index.load(file);
  return {
    async load(vectors, first) {
      const count = vectors.length / dimension;
      const keys = BigUint64Array.from({ length: count }, (_, n) => BigInt(first + n));
      index.add(keys, vectors, 0);
    },
    async build() {
      index.save(file);
    },
    async search(query, count) {
      return Array.from(index.search(query, count, 1).keys, Number);
    },
    async close() {},
  };
};

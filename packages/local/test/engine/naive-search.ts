import type { Metric } from "../../src/engine/metric.ts";
import type { Point } from "../../src/engine/point.ts";

/** The plainest possible search: a score of everything, and a sort. */
export function naiveSearch(points: Iterable<Point>, metric: Metric, query: Float32Array, topK: number) {
  return [...points]
    .map(({ id, vector, payload }) => ({
      id,
      score: Math.fround(naiveScore(metric, query, vector)),
      payload,
      vector,
    }))
    .sort((a, b) => a.score - b.score || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)))
    .slice(0, topK);
}

/** A score in float64. */
export function naiveScore(metric: Metric, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const pairs = Array.from(a, (x, i) => [x, b[i]!] as const);
  const sum = (term: (x: number, y: number) => number) =>
    pairs.reduce((total, [x, y]) => total + term(x, y), 0);
  const inner = sum((x, y) => x * y);
  if (metric === "dot") return 0 - inner;
  if (metric === "euclidean") return sum((x, y) => (x - y) ** 2);
  const norms = sum((x) => x * x) * sum((_, y) => y * y);
  return norms === 0 ? 1 : 1 - inner / Math.sqrt(norms);
}

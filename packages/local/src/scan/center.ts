import type { Metric } from "../engine/metric.ts";
import { unitFactor } from "./lengths.ts";

/**
 * The point from which a `Quantizer` measures vectors: their mean, if that is
 * nearer to them than the origin. Embeddings often share a few large components,
 * and features are often all positive; measured from the mean, the codes and the
 * bounds are spent on what tells the vectors apart.
 *
 * Nearness is the mean distance, so a few wild vectors, which would pull the mean
 * far away from all others, leave the origin in place.
 */
export function chooseCenter(
  metric: Metric,
  dimension: number,
  sample: readonly Float32Array[],
): Float64Array {
  const origin = new Float64Array(dimension);
  const factors = sample.map((vector) => (metric === "cosine" ? unitFactor(vector) : 1));
  const mean = new Float64Array(dimension);
  for (const [n, vector] of sample.entries()) {
    const factor = factors[n]! / sample.length;
    for (let i = 0; i < dimension; i++) mean[i]! += vector[i]! * factor;
  }
  const total = (center: Float64Array) =>
    sample.reduce((sum, vector, n) => sum + distance(vector, factors[n]!, center), 0);
  return total(mean) < total(origin) ? mean : origin;
}

/** The distance of `vector * factor` from `center`. */
function distance(vector: Float32Array, factor: number, center: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < center.length; i++) {
    const difference = vector[i]! * factor - center[i]!;
    squares += difference * difference;
  }
  return Math.sqrt(squares);
}

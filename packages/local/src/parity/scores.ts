import { squaredDistance } from "../engine/kernels.ts";

/** Scores one vector against the query of a search. */
export type StockScorer = (vector: Float32Array) => number;

const STEPS = 127;

/** A stock server knows exactly one name, in lower case; every other means squared Euclidean distance. */
export function isStockCosine(distance: string): boolean {
  return distance === "cosine";
}

export function stockScorer(distance: string, query: Float32Array): StockScorer {
  if (!isStockCosine(distance)) return (vector) => Math.fround(squaredDistance(query, vector, 0));
  const quantized = quantize(query);
  return (vector) => Math.fround(1 - integerProduct(quantized, quantize(vector)) / STEPS ** 2);
}

/** The vector at length 1 in steps of 1/127, cut off towards zero. A zero vector stays zero; NaN becomes 0. */
function quantize(vector: Float32Array): Int8Array {
  let sum = 0;
  for (const component of vector) sum += component * component;
  const length = Math.sqrt(sum) || 1;
  return Int8Array.from(vector, (component) => Math.max(-1, Math.min(1, component / length)) * STEPS);
}

function integerProduct(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

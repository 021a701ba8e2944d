import { ExactIndex } from "../../src/engine/exact-index.ts";
import type { Metric } from "../../src/engine/metric.ts";
import type { IndexSource } from "../../src/engine/vector-index.ts";
import { VectorRows } from "../../src/engine/vector-rows.ts";

export { METRICS } from "../../src/engine/metric.ts";

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers (Box-Muller). */
export function normal(seed: number): () => number {
  const uniform = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

export function gaussianVectors(count: number, dimension: number, seed: number): Float32Array[] {
  const next = normal(seed);
  return Array.from({ length: count }, () => new Float32Array(dimension).map(next));
}

/** Vectors around 20 centres in a space of 16 dimensions, carried into `dimension` of them, and some noise. */
export function clusteredVectors(count: number, dimension: number, seed: number): Float32Array[] {
  const latent = 16;
  const next = normal(seed);
  const uniform = random(seed + 1);
  const axes = Array.from({ length: latent }, () => new Float32Array(dimension).map(next));
  const centres = Array.from({ length: 20 }, () => new Float32Array(latent).map(next));
  return Array.from({ length: count }, () => {
    const centre = centres[Math.floor(uniform() * centres.length)]!;
    const place = centre.map((value) => value + 0.5 * next());
    return new Float32Array(dimension).map((_, i) => {
      return axes.reduce((sum, axis, n) => sum + place[n]! * axis[i]!, 0.1 * next());
    });
  });
}

/** An index source that holds the vectors in rows 0, 1, 2 and so on. Ties go to the lower row. */
export function sourceOf(metric: Metric, vectors: readonly Float32Array[]): IndexSource {
  const rows = new VectorRows(vectors[0]!.length);
  for (const [row, vector] of vectors.entries()) rows.set(row, vector);
  return { metric, rows, compareRows: (a, b) => a - b };
}

/** The scores of rows 0, 1, 2 and so on, as the exact index gives them. */
export function scoresOf(source: IndexSource, count: number, query: Float32Array): number[] {
  const index = new ExactIndex(source);
  for (let row = 0; row < count; row++) index.set(row, source.rows.view(row));
  const scoreOf = index.rowScorer(query);
  return Array.from({ length: count }, (_, row) => scoreOf(row));
}

import { mulberry32 } from "../data/points.ts";

/** Of the space in which the clusters lie: embeddings have about as many directions that matter. */
const LATENT_DIMENSION = 24;
const CLUSTERS = 1_000;
/** How far points are from their cluster's centre, where centres are 1 from each other in each direction. */
const SPREAD = 0.5;
/** What is added to every component, so that no vector lies quite in the latent space. */
const NOISE = 0.05;

/**
 * `count` vectors, one after another, around centres in a space of few dimensions
 * that is carried into `dimension` of them: the same ones each time. Vectors whose
 * components are independent of each other would have no near neighbours at all.
 */
export function clusteredVectors(count: number, dimension: number, seed = 1): Float32Array {
  const uniform = mulberry32(seed);
  const normal = normals(uniform);
  const axes = Float64Array.from(
    { length: LATENT_DIMENSION * dimension },
    () => normal() / Math.sqrt(LATENT_DIMENSION),
  );
  const centres = Float64Array.from({ length: CLUSTERS * LATENT_DIMENSION }, normal);
  const vectors = new Float32Array(count * dimension);
  const place = new Float64Array(LATENT_DIMENSION);
  for (let row = 0; row < count; row++) {
    const centre = Math.floor(uniform() * CLUSTERS) * LATENT_DIMENSION;
    for (let axis = 0; axis < LATENT_DIMENSION; axis++) {
      place[axis] = (centres[centre + axis] as number) + SPREAD * normal();
    }
    for (let i = 0; i < dimension; i++) {
      let sum = NOISE * (uniform() * 2 - 1);
      for (let axis = 0; axis < LATENT_DIMENSION; axis++) {
        sum += (place[axis] as number) * (axes[axis * dimension + i] as number);
      }
      vectors[row * dimension + i] = sum;
    }
  }
  return vectors;
}

/** Normally distributed numbers: Box-Muller. */
function normals(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

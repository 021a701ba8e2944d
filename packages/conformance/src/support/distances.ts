import type { Distance } from "@vectron/core";

/** The distance of two vectors in float64, from its definition. */
export function distanceOf(distance: Distance, a: Float32Array, b: Float32Array): number {
  switch (distance) {
    case "euclidean":
      return sum(a, (x, index) => (x - at(b, index)) ** 2);
    case "dot":
      return -inner(a, b);
    case "cosine": {
      const norms = Math.sqrt(inner(a, a)) * Math.sqrt(inner(b, b));
      return norms === 0 ? 1 : 1 - inner(a, b) / norms;
    }
  }
}

/**
 * How far a score that was computed in float32 may be from `distanceOf`: a few
 * units in the last place of the largest of the sums that it came from.
 */
export function toleranceOf(a: Float32Array, b: Float32Array, distance: Distance): number {
  const terms = distance === "cosine" ? 2 : inner(a, a) + inner(b, b);
  return (terms + 1) * Math.sqrt(a.length) * 2 ** -22;
}

function inner(a: Float32Array, b: Float32Array): number {
  return sum(a, (x, index) => x * at(b, index));
}

function sum(vector: Float32Array, term: (component: number, index: number) => number): number {
  return vector.reduce((total, component, index) => total + term(component, index), 0);
}

function at(vector: Float32Array, index: number): number {
  return vector[index] ?? Number.NaN;
}

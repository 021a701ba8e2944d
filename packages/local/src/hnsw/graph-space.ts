import type { Metric } from "../engine/metric.ts";
import { chooseCenter } from "../scan/center.ts";
import { unitFactor } from "../scan/lengths.ts";

/** Half-precision numbers are finite up to 65,504. */
const LIMIT = 60_000;

/** What the vectors of a graph are measured by. */
export interface SpaceShape {
  /** Taken off every vector; zeros where the metric does not allow it. */
  readonly center: readonly number[];
  /** What every component is multiplied with after that. */
  readonly scale: number;
}

/**
 * Carries vectors to where a graph of half-precision numbers can tell them apart,
 * in a way that leaves their order of nearness as it is: for cosine to length 1,
 * for the others to components of about 1, and for euclidean around their centre.
 */
export class GraphSpace {
  readonly shape: SpaceShape;
  readonly #metric: Metric;

  constructor(metric: Metric, shape: SpaceShape) {
    this.#metric = metric;
    this.shape = shape;
  }

  /** The space that suits vectors like these. */
  static around(metric: Metric, vectors: readonly Float32Array[]): GraphSpace {
    const dimension = vectors[0]?.length ?? 0;
    const center =
      metric === "euclidean" ? chooseCenter(metric, dimension, vectors) : new Float64Array(dimension);
    let largest = 0;
    for (const vector of vectors) {
      for (let i = 0; i < dimension; i++) largest = Math.max(largest, Math.abs(vector[i]! - center[i]!));
    }
    const scale = metric === "cosine" || largest === 0 ? 1 : 1 / largest;
    return new GraphSpace(metric, { center: [...center], scale });
  }

  /** Writes `vector`, carried over, to `target` from `offset` on. */
  carry(vector: Float32Array, target: Float32Array, offset = 0): void {
    const { center, scale } = this.shape;
    const factor = this.#metric === "cosine" ? unitFactor(vector) : scale;
    for (let i = 0; i < vector.length; i++) {
      const value = (vector[i]! - center[i]!) * factor;
      target[offset + i] = Math.min(LIMIT, Math.max(-LIMIT, value));
    }
  }
}

/** A point as every client gets it, though each may want its vector in another form. */
export interface BenchPoint {
  readonly id: string;
  readonly vector: Float32Array;
  readonly payload: Readonly<Record<string, string>>;
}

/** Points with an id, two payload entries and a vector: the same ones each time for the same seed. */
export function makePoints(count: number, dimension: number, seed = 0): BenchPoint[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, index) => ({
    id: `point-${String(index).padStart(7, "0")}`,
    vector: makeVector(dimension, random),
    payload: { lang: index % 2 === 0 ? "en" : "de", source: `document-${index % 100}` },
  }));
}

/** Components between -1 and 1. */
export function makeVector(dimension: number, random: () => number): Float32Array {
  const vector = new Float32Array(dimension);
  for (let index = 0; index < dimension; index++) vector[index] = random() * 2 - 1;
  return vector;
}

/** A source of numbers from 0 to 1 that gives the same ones for the same seed: mulberry32. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The form that clients with `number[]` vectors want. */
export interface NumberPoint {
  readonly id: string;
  readonly vector: number[];
  readonly payload: Record<string, string>;
}

export function withNumbers(points: readonly BenchPoint[]): NumberPoint[] {
  return points.map(({ id, vector, payload }) => ({ id, vector: [...vector], payload: { ...payload } }));
}

/** The middle of a set of samples, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  /** A quarter of the samples are below, ... */
  readonly lower: number;
  /** ... and a quarter above. */
  readonly upper: number;
}

/** @param samples - at least one */
export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new Error("there are no samples");
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

/** Between two samples, their weighted mean: the method that R and NumPy use unless told otherwise. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - below);
}

/** A single figure, such as a size, which has no spread. */
export function exactly(value: number): Spread {
  return { median: value, lower: value, upper: value };
}

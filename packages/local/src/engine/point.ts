/** The strings that a point carries beside its vector. Never changed in place, so it may be shared. */
export type Payload = Readonly<Record<string, string>>;

/** One stored point. */
export interface Point {
  readonly id: string;
  readonly vector: Float32Array;
  readonly payload: Payload;
}

/** One result of a search, the nearest first. */
export interface Hit {
  readonly id: string;
  /** A float32 value; lower is nearer. */
  readonly score: number;
  readonly payload: Payload;
  /** A copy of the stored vector; only when the search asked for it. */
  readonly vector?: Float32Array;
}

export function isEmptyPayload(payload: Payload): boolean {
  for (const _key in payload) return false;
  return true;
}

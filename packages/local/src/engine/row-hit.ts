/** One scored row. */
export interface RowHit {
  readonly row: number;
  /** A float32 value; lower is nearer. */
  readonly score: number;
}

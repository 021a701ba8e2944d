/** A case that is known to fail: a defect that has not been cured yet. */
export interface KnownGap {
  /** The case's id. */
  readonly id: string;
  /** The name of the target that it fails on. Default: it fails on all of them. */
  readonly target?: string;
  /** Why it fails, for the reports. */
  readonly reason: string;
}

/**
 * Every known gap. Each is still run: one that passes is reported as a failure,
 * so that the list stays true.
 */
export const knownGaps: readonly KnownGap[] = [];

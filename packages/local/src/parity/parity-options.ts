/** A span of time of which the stock server takes any length: the least and the most, in milliseconds. */
export type DelayRange = readonly [leastMs: number, mostMs: number];

/** The figures of the stock server's slowness and chance, so that tests can be quick. */
export interface ParityOptions {
  /** How long after its creation a collection can be used. Default 1 to 6 s. */
  readonly usableDelayMs?: DelayRange;
  /** How long after its creation a collection says that it is ready, never before it can be used. Default 5 to 11 s. */
  readonly readyDelayMs?: DelayRange;
  /** The last part of the time before a collection can be used, in which its shards know that they exist. Default 750 ms. */
  readonly electionMs?: number;
  /** The pause before each of the ten times that an upsert tries such shards again. Default 200 ms. */
  readonly upsertRetryMs?: number;
  /** How long a write stays unseen by searches. Default 200 ms. */
  readonly searchLagMs?: number;
  /** Decides everything that a stock server leaves to chance. Default 1. */
  readonly seed?: number;
  /** The time in milliseconds. Default the clock. */
  readonly now?: () => number;
}

export type ResolvedParityOptions = Required<ParityOptions>;

export function resolveParityOptions(options: ParityOptions = {}): ResolvedParityOptions {
  return {
    usableDelayMs: [1_000, 6_000],
    readyDelayMs: [5_000, 11_000],
    electionMs: 750,
    upsertRetryMs: 200,
    searchLagMs: 200,
    seed: 1,
    now: Date.now,
    ...options,
  };
}

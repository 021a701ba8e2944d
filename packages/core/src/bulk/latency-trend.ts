/** How much a new sample moves the average. */
const WEIGHT = 0.25;
/** Latency counts as rising above twice the minimum and a little more: clocks tick in milliseconds. */
const TOLERATED_FACTOR = 2;
const TOLERATED_MS = 5;
/** Samples for which a minimum holds. */
const LIFETIME = 1_000;

/** What a sample says: `stale` when the minimum is too old to compare with. */
export type LatencySign = "steady" | "rising" | "stale";

/**
 * Tells whether requests wait in queues: the moving average of their latency
 * against the lowest that it was. The lowest single latency would not do: it is
 * far below the average on a server whose latency varies by itself.
 *
 * A server that has become slower for good is not held against its own past:
 * after 1,000 samples the minimum is stale, and a new one begins.
 */
export class LatencyTrend {
  #average: number | undefined;
  #minimum = Number.POSITIVE_INFINITY;
  #samples = 0;

  /** Takes one sample in. */
  sample(latencyMs: number): LatencySign {
    this.#average ??= latencyMs;
    this.#average += WEIGHT * (latencyMs - this.#average);
    if (++this.#samples > LIFETIME) {
      this.#samples = 0;
      this.#minimum = Number.POSITIVE_INFINITY;
      return "stale";
    }
    this.#minimum = Math.min(this.#minimum, this.#average);
    return this.#average > TOLERATED_FACTOR * this.#minimum + TOLERATED_MS ? "rising" : "steady";
  }
}

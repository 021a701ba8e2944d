/** How much a new sample moves the smoothed latency. */
const WEIGHT = 0.25;
/** Latency counts as rising above twice the minimum and a little more: clocks tick in milliseconds. */
const TOLERATED_FACTOR = 2;
const TOLERATED_MS = 10;
/** Samples for which a minimum holds. */
const LIFETIME = 500;

/** What a sample says: `stale` when the minimum is too old to compare with. */
export type LatencySign = "steady" | "rising" | "stale";

/**
 * Tells whether requests wait in queues: the smoothed latency against the lowest
 * that was seen. A server that has become slower for good is not held against its
 * own past: after 500 samples the minimum is stale, and a new one is to be taken
 * under little load.
 */
export class LatencyTrend {
  #smoothed: number | undefined;
  #minimum = Number.POSITIVE_INFINITY;
  #samples = 0;

  /** Takes one sample in. */
  sample(latencyMs: number): LatencySign {
    if (++this.#samples > LIFETIME) {
      this.#samples = 0;
      this.#minimum = Number.POSITIVE_INFINITY;
      return "stale";
    }
    this.#minimum = Math.min(this.#minimum, latencyMs);
    this.#smoothed ??= latencyMs;
    this.#smoothed += WEIGHT * (latencyMs - this.#smoothed);
    return this.#smoothed > TOLERATED_FACTOR * this.#minimum + TOLERATED_MS ? "rising" : "steady";
  }

  /** Forgets the smoothed latency, since the load has been changed. */
  restart(): void {
    this.#smoothed = undefined;
  }
}

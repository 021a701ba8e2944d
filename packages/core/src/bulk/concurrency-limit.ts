import { LatencyTrend } from "./latency-trend.ts";

/**
 * What a request that has ended says about the load.
 *
 * - `answered`: the server kept up.
 * - `overloaded`: the server refused it, or could not be reached.
 * - `unrelated`: nothing can be told from it.
 */
export type LoadSign = "answered" | "overloaded" | "unrelated";

const ON_OVERLOAD = 0.5;
const ON_RISING_LATENCY = 0.9;

/**
 * How many requests may be under way at once. Additive increase, multiplicative
 * decrease (Chiu and Jain, 1989): one more for every full round of answers;
 * overload halves the limit, and rising latency takes a tenth of it. Up to where
 * it last stood, and at first, the limit grows faster, by one for every answer.
 *
 * Latency is compared with its minimum. When that is stale, the limit falls to 1
 * and grows back, so that a new one is measured without queues.
 */
export class ConcurrencyLimit {
  readonly #max: number;
  readonly #latency = new LatencyTrend();
  #limit: number;
  #fastUntil: number;
  #inFlight = 0;
  #begun = 0;
  #begunAtChange = 0;

  /** @param start - where the limit begins */
  constructor(max: number, start: number) {
    this.#max = max;
    this.#limit = Math.min(max, start);
    this.#fastUntil = max;
  }

  /** The limit now in force: a whole number, at least 1. */
  get current(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get hasRoom(): boolean {
    return this.#inFlight < this.current;
  }

  /** Counts a request in; returns its number, which `end` takes. */
  begin(): number {
    this.#inFlight++;
    return ++this.#begun;
  }

  /** @param latencyMs - how long the server took; undefined when that cannot be compared with others */
  end(request: number, sign: LoadSign, latencyMs?: number): void {
    const wasFull = !this.hasRoom;
    this.#inFlight--;
    // What was sent before the limit last fell speaks of the load before that.
    if (sign === "unrelated" || request <= this.#begunAtChange) return;
    const latency = latencyMs === undefined ? "steady" : this.#latency.sample(latencyMs);
    if (sign === "overloaded") this.#decrease(this.#limit * ON_OVERLOAD);
    else if (latency === "rising") this.#decrease(this.#limit * ON_RISING_LATENCY);
    else if (latency === "stale") this.#decrease(1, this.#limit);
    // An unused limit is not raised: nothing is known of what lies above the load that there was.
    else if (wasFull) this.#increase();
  }

  #increase(): void {
    const step = this.#limit < this.#fastUntil ? 1 : 1 / this.#limit;
    this.#limit = Math.min(this.#max, this.#limit + step);
  }

  #decrease(limit: number, fastUntil = limit): void {
    this.#limit = Math.max(1, limit);
    this.#fastUntil = fastUntil;
    this.#begunAtChange = this.#begun;
  }
}

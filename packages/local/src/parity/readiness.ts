import type { DelayRange, ResolvedParityOptions } from "./parity-options.ts";

/**
 * How far the shards of a collection are: its workers have not heard of them; they
 * elect their leaders; they work and nobody has been told; all is well.
 */
export type Phase = "unassigned" | "electing" | "unreported" | "ready";

/** The start of one collection's shards, timed when the collection is created. */
export class Readiness {
  readonly #electingAt: number;
  readonly #usableAt: number;
  readonly #readyAt: number;
  readonly #now: () => number;

  constructor(options: ResolvedParityOptions, random: () => number) {
    const { now, electionMs, usableDelayMs, readyDelayMs } = options;
    const createdAt = now();
    this.#now = now;
    this.#usableAt = createdAt + within(usableDelayMs, random);
    this.#electingAt = this.#usableAt - electionMs;
    this.#readyAt = Math.max(this.#usableAt, createdAt + within(readyDelayMs, random));
  }

  get phase(): Phase {
    const now = this.#now();
    if (now < this.#electingAt) return "unassigned";
    if (now < this.#usableAt) return "electing";
    return now < this.#readyAt ? "unreported" : "ready";
  }
}

function within([leastMs, mostMs]: DelayRange, random: () => number): number {
  return leastMs + (mostMs - leastMs) * random();
}

import { CancelledError } from "../errors/error-classes.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { sleep } from "../runtime/sleep.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";

/** How often those who wait look whether the work is done. */
const POLL_MS = 20;

/** One caller's turn at the work. */
interface Turn<T> {
  /** When whoever waits takes over: the caller may be gone for good. */
  readonly lostAtMs: number;
  end: { readonly value: T } | { readonly error: unknown } | "given up" | undefined;
}

/**
 * Lets one caller at a time do a piece of work; those who come meanwhile wait and
 * get what it came to. Each waits by timers of its own, never for another's
 * promise: in an edge worker one that belongs to a request which has ended never
 * settles.
 */
export class SharedWork<T> {
  readonly #runtime: Runtime;
  readonly #longestMs: number;
  #turn: Turn<T> | undefined;

  /** @param longestMs - how long the work may take before it counts as lost */
  constructor(runtime: Runtime, longestMs: number) {
    this.#runtime = runtime;
    this.#longestMs = longestMs;
  }

  /**
   * Does the work, or waits for the one who does.
   *
   * @param signal - aborted when this caller no longer waits: what it was doing is then for another to do
   * @throws CancelledError when the signal is aborted while the caller waits
   */
  async run(work: () => Promise<T>, signal: AbortSignalLike): Promise<T> {
    for (let turn = this.#turn; turn !== undefined; turn = this.#turn) {
      if (this.#runtime.now() >= turn.lostAtMs) break;
      await sleep(this.#runtime, POLL_MS, signal);
      if (signal.aborted) throw new CancelledError("nobody waits for this any more");
      // What this turn came to counts for those who waited, even if the next has begun.
      if (typeof turn.end === "object") return settled(turn.end);
    }
    return this.#do(work, signal);
  }

  async #do(work: () => Promise<T>, signal: AbortSignalLike): Promise<T> {
    const turn: Turn<T> = { lostAtMs: this.#runtime.now() + this.#longestMs, end: undefined };
    this.#turn = turn;
    try {
      const value = await work();
      turn.end = { value };
      return value;
    } catch (error) {
      turn.end = signal.aborted ? "given up" : { error };
      throw error;
    } finally {
      if (this.#turn === turn) this.#turn = undefined;
    }
  }
}

function settled<T>(end: { readonly value: T } | { readonly error: unknown }): T {
  if ("error" in end) throw end.error;
  return end.value;
}

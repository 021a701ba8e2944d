import type { AbortSignalLike } from "@vectron/core";

/** An abort signal that never aborts and counts who listens to it. */
export class CountingSignal implements AbortSignalLike {
  readonly aborted = false;
  readonly #listeners = new Set<() => void>();
  /** How many listeners there have ever been. */
  added = 0;

  /** How many listeners there are now. */
  get listening(): number {
    return this.#listeners.size;
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.added += 1;
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }
}

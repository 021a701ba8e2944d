import type { AbortSignalLike } from "./web-globals.ts";

/**
 * The listeners of one signal, behind a single listener on the signal itself:
 * callers share one signal among many calls, and Node warns of a leak at the
 * eleventh listener.
 */
class AbortListeners {
  readonly #signal: AbortSignalLike;
  readonly #listeners = new Set<() => void>();
  readonly #tellAll = () => {
    for (const listener of this.#listeners) listener();
  };

  constructor(signal: AbortSignalLike) {
    this.#signal = signal;
  }

  add(listener: () => void): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener("abort", this.#tellAll);
    this.#listeners.add(listener);
  }

  delete(listener: () => void): void {
    if (!this.#listeners.delete(listener)) return;
    if (this.#listeners.size === 0) this.#signal.removeEventListener("abort", this.#tellAll);
  }
}

const LISTENERS = new WeakMap<AbortSignalLike, AbortListeners>();

/** Calls `listener` when the signal is aborted, until `forgetAbort` is told otherwise. */
export function onAbort(signal: AbortSignalLike, listener: () => void): void {
  let listeners = LISTENERS.get(signal);
  if (listeners === undefined) {
    listeners = new AbortListeners(signal);
    LISTENERS.set(signal, listeners);
  }
  listeners.add(listener);
}

/** Undoes `onAbort`. */
export function forgetAbort(signal: AbortSignalLike, listener: () => void): void {
  LISTENERS.get(signal)?.delete(listener);
}

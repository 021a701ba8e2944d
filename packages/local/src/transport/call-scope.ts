import { type AbortSignalLike, TransportFailure } from "@vectron/core";

/** The longest delay that timers of JavaScript runtimes accept; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The life of one call: it ends when the call's signal aborts, when its deadline
 * passes, or when the transport is closed. Its own signal tells the handler.
 */
export class CallScope {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignalLike;
  readonly #onAbort = () => this.end(cancelled());
  readonly #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deadline: number, callerSignal: AbortSignalLike) {
    this.#callerSignal = callerSignal;
    callerSignal.addEventListener("abort", this.#onAbort, { once: true });
    const leftMs = deadline - Date.now();
    if (leftMs <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.end(expired()), leftMs);
  }

  get signal(): AbortSignalLike {
    return this.#controller.signal;
  }

  /** Ends the call with `failure`; a call that has ended stays as it is. */
  end(failure: TransportFailure): void {
    this.#controller.abort(failure);
  }

  /** What `work` resolves to, or the failure that ends the call before that. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const { signal } = this.#controller;
    if (signal.aborted) throw signal.reason;
    let onEnd: () => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      onEnd = () => reject(signal.reason);
      signal.addEventListener("abort", onEnd, { once: true });
    });
    try {
      return await Promise.race([work(), ended]);
    } finally {
      signal.removeEventListener("abort", onEnd);
    }
  }

  /** Lets go of the timer and of the caller's signal. */
  release(): void {
    clearTimeout(this.#timer);
    this.#callerSignal.removeEventListener("abort", this.#onAbort);
  }
}

/** Refuses a call that has ended before it began. */
export function refuseEnded(deadline: number, signal: AbortSignalLike): void {
  if (signal.aborted) throw cancelled("no");
  if (deadline <= Date.now()) throw expired("no");
}

function cancelled(requestSent: "no" | "yes" = "yes"): TransportFailure {
  return new TransportFailure("CANCELLED", "the call was cancelled", { requestSent });
}

function expired(requestSent: "no" | "yes" = "yes"): TransportFailure {
  return new TransportFailure("DEADLINE_EXCEEDED", "the deadline of the call has passed", { requestSent });
}

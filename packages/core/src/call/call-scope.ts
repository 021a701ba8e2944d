import type { Runtime, Timer } from "../runtime/runtime.ts";
import { type AbortControllerLike, type AbortSignalLike, webGlobals } from "../runtime/web-globals.ts";

/** Why a call was ended from outside. */
export type CallEnd =
  | { readonly kind: "deadline" }
  | { readonly kind: "aborted"; readonly reason: unknown }
  | { readonly kind: "closed" };

/** What `CallScope` rejects with; the call path turns it into an error for the user. */
export class CallEnded extends Error {
  readonly end: CallEnd;

  constructor(end: CallEnd) {
    super(`the call ended: ${end.kind}`);
    this.end = end;
  }
}

/**
 * The time that one call has, and everything that can end it early: its
 * deadline, the caller's signal and the closing of the client. Whatever a call
 * waits for, it waits for inside `run`, so that none of it can outlive the call.
 */
export class CallScope {
  /** When the call must have ended, in milliseconds since 1970. */
  readonly deadline: number;
  readonly #runtime: Runtime;
  readonly #controller: AbortControllerLike = new webGlobals.AbortController();
  readonly #timer: Timer;
  readonly #callerSignal: AbortSignalLike | undefined;
  readonly #onCallerAbort = () => this.#abortByCaller();
  #ended: CallEnded | undefined;
  #reject: ((ended: CallEnded) => void) | undefined;

  constructor(runtime: Runtime, timeoutMs: number, callerSignal: AbortSignalLike | undefined) {
    this.#runtime = runtime;
    this.deadline = runtime.now() + timeoutMs;
    this.#callerSignal = callerSignal;
    this.#timer = runtime.setTimer(() => this.end({ kind: "deadline" }), timeoutMs);
    if (callerSignal?.aborted) this.#abortByCaller();
    else callerSignal?.addEventListener("abort", this.#onCallerAbort);
  }

  /** Aborted when the call ends early, for the transport and for interceptors. */
  get signal(): AbortSignalLike {
    return this.#controller.signal;
  }

  /** What is left of the call's time, in milliseconds; never negative. */
  get remainingMs(): number {
    return Math.max(0, this.deadline - this.#runtime.now());
  }

  /** Does `work`, unless the call ends first: then rejects with `CallEnded` at once. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      work().then(resolve, reject);
    });
  }

  /** Waits; rejects with `CallEnded` if the call ends first. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.signal.removeEventListener("abort", stop);
        resolve();
      };
      const timer = this.#runtime.setTimer(settle, delayMs);
      const stop = () => {
        timer.cancel();
        reject(this.#ended);
      };
      if (this.#ended !== undefined) stop();
      else this.signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** Ends the call from outside. The first end counts. */
  end(end: CallEnd): void {
    if (this.#ended !== undefined) return;
    this.#ended = new CallEnded(end);
    this.release();
    // Rejecting comes first: what the transport makes of the abort is of no interest then.
    this.#reject?.(this.#ended);
    this.#controller.abort(this.#ended);
  }

  /** Lets go of the timer and the caller's signal. To be called whichever way the call ended. */
  release(): void {
    this.#timer.cancel();
    this.#callerSignal?.removeEventListener("abort", this.#onCallerAbort);
  }

  #abortByCaller(): void {
    const reason = this.#callerSignal?.reason;
    // AbortSignal.timeout() aborts with this name: the caller's own deadline.
    const timedOut = (reason as { name?: unknown } | undefined)?.name === "TimeoutError";
    this.end(timedOut ? { kind: "deadline" } : { kind: "aborted", reason });
  }
}

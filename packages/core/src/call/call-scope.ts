import { forgetAbort, onAbort } from "../runtime/abort-listeners.ts";
import { LightAbort } from "../runtime/light-abort.ts";
import type { Runtime, Timer } from "../runtime/runtime.ts";
import { type AbortControllerLike, type AbortSignalLike, webGlobals } from "../runtime/web-globals.ts";

/** Why a call was ended from outside. */
export type CallEnd =
  | { readonly kind: "deadline" }
  | { readonly kind: "aborted"; readonly reason: unknown }
  | { readonly kind: "closed" }
  /** The call has settled, and something that it started still ran. */
  | { readonly kind: "over" };

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
  readonly #abort = new LightAbort();
  readonly #timer: Timer;
  readonly #callerSignal: AbortSignalLike | undefined;
  readonly #onCallerAbort = () => this.#abortByCaller();
  readonly #waiting = new Set<(ended: CallEnded) => void>();
  #platform: AbortControllerLike | undefined;
  #ended: CallEnded | undefined;

  constructor(runtime: Runtime, timeoutMs: number, callerSignal: AbortSignalLike | undefined) {
    this.#runtime = runtime;
    this.deadline = runtime.now() + timeoutMs;
    this.#callerSignal = callerSignal;
    this.#timer = runtime.setTimer(() => this.end({ kind: "deadline" }), timeoutMs);
    if (callerSignal?.aborted) this.#abortByCaller();
    else if (callerSignal !== undefined) onAbort(callerSignal, this.#onCallerAbort);
  }

  /** Aborted when the call ends early, for the transport. */
  get signal(): AbortSignalLike {
    return this.#abort;
  }

  /** The same as a signal of the platform's own, which users' code can hand to `fetch` and the like. */
  get platformSignal(): AbortSignalLike {
    if (this.#platform === undefined) {
      const platform = new webGlobals.AbortController();
      const abort = () => platform.abort(this.#abort.reason);
      if (this.ended) abort();
      else this.#abort.addEventListener("abort", abort);
      this.#platform = platform;
    }
    return this.#platform.signal;
  }

  /** What is left of the call's time, in milliseconds; never negative. */
  get remainingMs(): number {
    return Math.max(0, this.deadline - this.#runtime.now());
  }

  /** Whether the call was ended from outside. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Throws `CallEnded` if the call was ended from outside: nothing may be begun any more. */
  throwIfEnded(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }

  /** Does `work`, unless the call ends first: then rejects with `CallEnded` at once. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      work().then(
        (result) => {
          this.#waiting.delete(reject);
          resolve(result);
        },
        (reason) => {
          this.#waiting.delete(reject);
          reject(reason);
        },
      );
    });
  }

  /** Waits; rejects with `CallEnded` if the call ends first. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#abort.removeEventListener("abort", stop);
        resolve();
      };
      const timer = this.#runtime.setTimer(settle, delayMs);
      const stop = () => {
        timer.cancel();
        reject(this.#ended);
      };
      if (this.#ended !== undefined) stop();
      else this.#abort.addEventListener("abort", stop);
    });
  }

  /** Ends the call from outside. The first end counts. */
  end(end: CallEnd): void {
    if (this.#ended !== undefined) return;
    this.#ended = new CallEnded(end);
    this.#release();
    // Rejecting comes first: what the transport makes of the abort is of no interest then.
    for (const reject of this.#waiting) reject(this.#ended);
    this.#waiting.clear();
    this.#abort.abort(this.#ended);
  }

  /** To be called when the call has settled, whichever way: nothing that it started outlives it. */
  finish(): void {
    if (this.#waiting.size > 0) this.end({ kind: "over" });
    else this.#release();
  }

  #release(): void {
    this.#timer.cancel();
    if (this.#callerSignal !== undefined) forgetAbort(this.#callerSignal, this.#onCallerAbort);
  }

  #abortByCaller(): void {
    const reason = this.#callerSignal?.reason;
    // AbortSignal.timeout() aborts with this name: the caller's own deadline.
    const timedOut = (reason as { name?: unknown } | undefined)?.name === "TimeoutError";
    this.end(timedOut ? { kind: "deadline" } : { kind: "aborted", reason });
  }
}

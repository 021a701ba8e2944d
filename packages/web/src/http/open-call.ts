import { type TransportCall, TransportFailure } from "@vectron/core";

/** What ends a call from outside. */
export type CallerSignal = TransportCall<unknown, unknown>["signal"];

/**
 * One call under way. It has a signal of its own for `fetch`, which learns of
 * the caller's abort through one listener that is removed when the call ends:
 * not every platform removes those that `fetch` itself adds.
 */
export class OpenCall {
  readonly #controller = new AbortController();
  readonly #caller: CallerSignal;
  readonly #openCalls: Set<OpenCall>;
  readonly #onAbort = () => this.#controller.abort(this.#caller.reason);

  /** @param openCalls - where the call keeps itself while it lasts */
  constructor(caller: CallerSignal, openCalls: Set<OpenCall>) {
    this.#caller = caller;
    this.#openCalls = openCalls;
    openCalls.add(this);
    caller.addEventListener("abort", this.#onAbort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends a call whose reply has come in full. */
  end(): void {
    this.#caller.removeEventListener("abort", this.#onAbort);
    this.#openCalls.delete(this);
  }

  /** Ends a call, and what of it is still on the wire. */
  cancel(): void {
    this.end();
    this.#controller.abort();
  }

  /** Ends a call that failed. Returns the failure; of a call that was cancelled, the cancellation. */
  fail(error: unknown): unknown {
    const { aborted } = this.signal;
    this.cancel();
    if (!aborted) return error;
    if (!this.#caller.aborted)
      return new TransportFailure("CANCELLED", "the client was closed during the call");
    return new TransportFailure("CANCELLED", "the call was aborted", { cause: this.#caller.reason });
  }
}

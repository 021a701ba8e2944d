import type { ServerResponse } from "node:http";
import type { TransportFailure } from "@vectron/core";
import { failure, toFailure } from "../../service/failures.ts";

/** The longest delay that timers accept; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Aborts when a response has been sent, or can reach nobody any more. */
export function abortOnClose(response: ServerResponse): AbortController {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller;
}

/** The life of one call: it ends when its deadline passes, and when its caller leaves. */
export class PendingCall {
  /** In milliseconds since 1970. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #isExpired = false;

  constructor(response: ServerResponse, deadline: number) {
    const controller = abortOnClose(response);
    this.deadline = deadline;
    this.signal = controller.signal;
    const leftMs = deadline - Date.now();
    if (leftMs > MAX_TIMER_MS) return;
    this.#timer = setTimeout(() => {
      this.#isExpired = true;
      controller.abort();
    }, leftMs);
  }

  /** What the call failed with: past its deadline, that. In the words of a stock server. */
  failure(error: unknown): TransportFailure {
    return this.#isExpired
      ? failure("DEADLINE_EXCEEDED", "context deadline exceeded", error)
      : toFailure(error);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

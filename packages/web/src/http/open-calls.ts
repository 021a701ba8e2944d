import type { TransportCall } from "@vectron/core";
import { notSent } from "./not-sent.ts";
import { OpenCall } from "./open-call.ts";

/** The calls of one transport that are under way. */
export class OpenCalls {
  readonly #open = new Set<OpenCall>();
  #closed = false;

  /**
   * Begins a call, which is to be ended by `end`, `cancel` or `fail`.
   *
   * @throws TransportFailure when there is no point in sending it any more
   */
  open({ signal, deadline }: Pick<TransportCall<unknown, unknown>, "signal" | "deadline">): OpenCall {
    if (this.#closed) throw notSent("CANCELLED", "the client is closed");
    if (signal.aborted) throw notSent("CANCELLED", "the call was aborted before it was sent", signal.reason);
    if (deadline <= Date.now()) {
      throw notSent("DEADLINE_EXCEEDED", "the deadline passed before the call was sent");
    }
    return new OpenCall(signal, this.#open);
  }

  /** Cancels the calls under way; later ones are refused. */
  close(): void {
    this.#closed = true;
    for (const call of this.#open) call.cancel();
  }
}

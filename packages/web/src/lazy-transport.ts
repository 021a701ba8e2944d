import type { Transport, TransportCall, TransportCapabilities, TransportReply } from "@vectron/core";
import { notSent } from "./http/not-sent.ts";

/** A transport whose code is loaded by the first call that needs it. */
export class LazyTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #load: () => Promise<Transport>;
  #loaded: Transport | undefined;
  #closed = false;

  constructor(capabilities: TransportCapabilities, load: () => Promise<Transport>) {
    this.capabilities = capabilities;
    this.#load = load;
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    return (await this.#transport()).unary(call);
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void, undefined> {
    yield* (await this.#transport()).serverStream(call);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#loaded?.close();
  }

  /**
   * Until the code is there every call asks for it anew, which platforms answer
   * from their cache: no call waits for another's promise, and none inherits its
   * failure.
   */
  async #transport(): Promise<Transport> {
    if (this.#loaded !== undefined) return this.#loaded;
    const transport = await this.#load().catch((cause) => {
      throw notSent(
        "UNAVAILABLE",
        `the code of protocol ${this.capabilities.name} could not be loaded: ${cause}`,
        cause,
      );
    });
    this.#loaded ??= transport;
    if (this.#closed) await this.#loaded.close();
    return this.#loaded;
  }
}

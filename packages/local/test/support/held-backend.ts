import { type Transport, type TransportCall, TransportFailure } from "@vectron/core";

export type AnyCall = TransportCall<unknown, unknown>;

/** A back end whose calls end when the test says so, with these names of collections. */
export class HeldBackend implements Transport {
  readonly capabilities = {
    name: "held",
    endpoint: "test",
    streaming: true,
    maxSendBytes: 1,
    maxReceiveBytes: 1,
    insecure: false,
  };
  readonly calls: AnyCall[] = [];
  readonly #arrivals: ((call: AnyCall) => void)[] = [];
  #release: () => void = () => undefined;
  readonly #held = new Promise<void>((resolve) => {
    this.#release = resolve;
  });

  readonly #collections: readonly string[];

  constructor(collections: readonly string[] = ["held"]) {
    this.#collections = collections;
  }

  /** The next call that comes in. */
  nextCall(): Promise<AnyCall> {
    return new Promise((resolve) => {
      this.#arrivals.push(resolve);
    });
  }

  release(): void {
    this.#release();
  }

  async unary<I, O>(call: TransportCall<I, O>) {
    await this.#hold(call as AnyCall);
    return { message: { collections: this.#collections } as O, metadata: {} };
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O> {
    yield { results: [] } as O;
    await this.#hold(call as AnyCall);
  }

  async close(): Promise<void> {}

  async #hold(call: AnyCall): Promise<void> {
    this.calls.push(call);
    this.#arrivals.shift()?.(call);
    const aborted = new Promise<never>((_, reject) => {
      call.signal.addEventListener("abort", () => reject(new TransportFailure("CANCELLED", "aborted")), {
        once: true,
      });
    });
    await Promise.race([this.#held, aborted]);
  }
}

/** Resolves when a call has been cancelled. */
export function nextAbort({ signal }: AnyCall): Promise<unknown> {
  if (signal.aborted) return Promise.resolve();
  return new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

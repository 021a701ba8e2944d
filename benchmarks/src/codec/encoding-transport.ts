import type { Transport, TransportCall, TransportReply } from "@vectron/core";
import { binaryClientCodec } from "@vectron/core/wire";

/** A transport that encodes each request and answers at once: what a call costs without a wire. */
export class EncodingTransport implements Transport {
  readonly capabilities = {
    name: "encoding",
    endpoint: "",
    streaming: false,
    maxSendBytes: 2 ** 28,
    maxReceiveBytes: 2 ** 28,
    insecure: false,
  };
  readonly #reply: unknown;
  readonly #memory: Uint8Array<ArrayBuffer> | undefined;
  /** The request that was encoded last. */
  encoded = new Uint8Array();

  /**
   * @param reply - to every call
   * @param memory - where requests are encoded, of exactly their size. Undefined: each has memory of its own
   */
  constructor(reply: unknown, memory?: Uint8Array<ArrayBuffer>) {
    this.#reply = reply;
    this.#memory = memory;
  }

  async unary<I, O>({ method, message }: TransportCall<I, O>): Promise<TransportReply<O>> {
    const memory = this.#memory;
    const { encodeRequest } = binaryClientCodec(method);
    this.encoded = memory === undefined ? encodeRequest(message) : encodeRequest(message, () => memory);
    return { message: this.#reply as O, metadata: {} };
  }

  serverStream(): never {
    throw new Error("nothing here streams");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

import type { Metadata as GrpcMetadata, StatusObject } from "@grpc/grpc-js";
import { type Metadata, type MethodDescriptor, TransportFailure } from "@vectron/core";
import type { MessageCodec } from "./codec.ts";
import { fromMetadata } from "./metadata.ts";

/** What has come back of one call so far, and how its messages are read. */
export class Reply<I, O> {
  /** The reply's headers, once they have come. */
  headers: GrpcMetadata | undefined;
  /** How the call ended, once it has. */
  end: StatusObject | undefined;
  readonly #method: MethodDescriptor<I, O>;
  readonly #codec: MessageCodec<I, O>;

  constructor(method: MethodDescriptor<I, O>, codec: MessageCodec<I, O>) {
    this.#method = method;
    this.#codec = codec;
  }

  /** Headers and trailers. Empty when there was no reply, for every reply has headers. */
  get metadata(): Metadata {
    return fromMetadata(this.headers, this.end?.metadata);
  }

  /**
   * Reads one message.
   * @throws TransportFailure
   */
  decode(bytes: Uint8Array): O {
    try {
      return this.#codec.decodeReply(bytes);
    } catch (cause) {
      const text = `The reply of ${this.#method.name} cannot be decoded: ${(cause as Error).message}`;
      throw new TransportFailure("INTERNAL", text, { metadata: this.metadata, cause, requestSent: "yes" });
    }
  }

  /**
   * Reads the message of a unary call from those that came, which must be one.
   * @throws TransportFailure
   */
  decodeOnly(messages: readonly Uint8Array[]): O {
    const [first] = messages;
    if (first !== undefined && messages.length === 1) return this.decode(first);
    const text = `${this.#method.name} replied with ${messages.length} messages, not one`;
    // The code that gRPC has for a wrong number of messages.
    throw new TransportFailure("UNIMPLEMENTED", text, { metadata: this.metadata, requestSent: "yes" });
  }
}

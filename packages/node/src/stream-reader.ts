import type { Metadata, StatusObject } from "@grpc/grpc-js";
import type { GrpcCallListener } from "./grpc-call.ts";
import type { Reply } from "./reply.ts";

/**
 * Turns what a streaming call reports into steps that can be awaited. A call
 * reports one message for each that is asked for, so there is never more than
 * one to hold, and a slow reader holds the server back.
 */
export class StreamReader implements GrpcCallListener {
  readonly #reply: Pick<Reply<unknown, unknown>, "headers" | "end">;
  #message: Buffer | undefined;
  #wake: (() => void) | undefined;

  /** @param reply - receives what is not a message */
  constructor(reply: Pick<Reply<unknown, unknown>, "headers" | "end">) {
    this.#reply = reply;
  }

  onHeaders(headers: Metadata): void {
    this.#reply.headers = headers;
  }

  onMessage(bytes: Buffer): void {
    this.#message = bytes;
    this.#wake?.();
  }

  onEnd(status: StatusObject): void {
    this.#reply.end = status;
    this.#wake?.();
  }

  /** The message that was asked for, or undefined when the call has ended instead. */
  async next(): Promise<Buffer | undefined> {
    while (this.#message === undefined && this.#reply.end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const message = this.#message;
    this.#message = undefined;
    return message;
  }
}

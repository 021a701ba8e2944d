import type { Metadata, StatusObject } from "@grpc/grpc-js";
import type { GrpcCallListener } from "./grpc-call.ts";

/**
 * Turns what a streaming call reports into steps that can be awaited. A call
 * reports one message for each that is asked for, so there is never more than
 * one to hold, and a slow reader holds the server back.
 */
export class StreamReader implements GrpcCallListener {
  /** The reply's headers, once they have come. */
  headers: Metadata | undefined;
  /** How the call ended, once it has. */
  end: StatusObject | undefined;
  #message: Buffer | undefined;
  #wake: (() => void) | undefined;

  onHeaders(headers: Metadata): void {
    this.headers = headers;
  }

  onMessage(bytes: Buffer): void {
    this.#message = bytes;
    this.#wake?.();
  }

  onEnd(status: StatusObject): void {
    this.end = status;
    this.#wake?.();
  }

  /** The message that was asked for; or, when the call has ended instead, its end. */
  async next(): Promise<Buffer | StatusObject> {
    for (;;) {
      const message = this.#message;
      this.#message = undefined;
      const next = message ?? this.end;
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

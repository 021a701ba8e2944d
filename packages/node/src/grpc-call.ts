import { type Channel, type Metadata, type StatusObject, status } from "@grpc/grpc-js";
import type { AbortSignalLike } from "@vectron/core";
import type { ChannelLease } from "./channel-pool.ts";

/** What a call with a single request message is made of. */
export interface GrpcRequest {
  /** `/vectron.v1.VectronService/Search`. */
  readonly path: string;
  readonly metadata: Metadata;
  readonly message: Buffer;
  /** Whether the message lies in memory that the transport has lent, and takes back. */
  readonly lent: boolean;
  /** In milliseconds since 1970. */
  readonly deadline: number;
  /** Cancels the call; not aborted yet. */
  readonly signal: AbortSignalLike;
}

/** What a call reports. `onEnd` comes once and last. */
export interface GrpcCallListener {
  onHeaders(headers: Metadata): void;
  onMessage(bytes: Buffer): void;
  onEnd(status: StatusObject): void;
}

/** What a call is made with. */
export interface GrpcCallParts {
  readonly lease: ChannelLease;
  readonly request: GrpcRequest;
  readonly listener: GrpcCallListener;
  /** Where the call keeps itself while it lasts. */
  readonly openCalls: Set<GrpcCall>;
}

/**
 * One call under way on a grpc-js channel, and what has to be undone when it
 * ends: the loan of the channel, the listener on the signal, its place in the
 * set of open calls.
 *
 * It uses the channel as `Client.makeUnaryRequest` does, without the stack trace,
 * the interceptors and the emitter that grpc-js makes for each call of a client;
 * measured on Search, that saves 15 % of the CPU time of the whole call.
 */
export class GrpcCall {
  readonly #lease: ChannelLease;
  readonly #call: ReturnType<Channel["createCall"]>;
  readonly #signal: AbortSignalLike;
  readonly #openCalls: Set<GrpcCall>;

  /** Makes the call, sends the request, and asks for the first message. */
  constructor({ lease, request, listener, openCalls }: GrpcCallParts) {
    this.#lease = lease;
    this.#signal = request.signal;
    this.#openCalls = openCalls;
    this.#call = lease.channel.createCall(request.path, request.deadline, null, null, null);
    openCalls.add(this);
    this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#call.start(request.metadata, {
      onReceiveMetadata: (headers) => listener.onHeaders(headers),
      onReceiveMessage: (bytes: Buffer) => listener.onMessage(bytes),
      onReceiveStatus: (end) => {
        this.#release();
        if (end.code !== status.OK) this.#lease.failed();
        listener.onEnd(end);
      },
    });
    this.#call.startRead();
    this.#call.sendMessageWithContext({}, request.message);
    this.#call.halfClose();
  }

  /** Asks for the next message, or for the end; until then no more is read from the connection. */
  read(): void {
    this.#call.startRead();
  }

  /** Ends the call here and at the server, if it has not ended. The listener hears of it soon, not at once. */
  cancel(): void {
    if (!this.#openCalls.has(this)) return;
    this.#cancelNow();
    // A call that is cancelled in the turn in which it began ends for its caller, but grpc-js
    // (1.14.7) has yet to open its stream, and does so. By the next turn it can be cancelled.
    setImmediate(() => this.#cancelNow());
  }

  /**
   * Whether an HTTP/2 stream may have been opened for the call; known once it has
   * ended. A call's peer is its channel's target until it is given a stream.
   */
  get mayHaveStarted(): boolean {
    return this.#call.getPeer() !== this.#lease.channel.getTarget();
  }

  readonly #onAbort = (): void => this.cancel();

  #cancelNow(): void {
    this.#call.cancelWithStatus(status.CANCELLED, "Cancelled by the client");
  }

  #release(): void {
    if (!this.#openCalls.delete(this)) return;
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#lease.release();
  }
}

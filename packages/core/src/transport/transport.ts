import type { AbortSignalLike } from "../runtime/web-globals.ts";
import type { MethodDescriptor } from "./method.ts";

/** Header names in lower case, each with its value; repeated ones are joined by `", "`. */
export type Metadata = Readonly<Record<string, string>>;

/** One attempt of one call, complete: the transport adds nothing but the wire. */
export interface TransportCall<I, O> {
  readonly method: MethodDescriptor<I, O>;
  /** Whoever keeps it longer than the attempt lasts keeps a copy, such as `{ ...message }`. */
  readonly message: I;
  /**
   * When the call must have ended, in milliseconds since 1970. The transport
   * tells the server what is left of it; the caller enforces it through `signal`.
   */
  readonly deadline: number;
  /** Aborts the attempt: it is cancelled on the wire and its resources are released. */
  readonly signal: AbortSignalLike;
  /** Request headers, `authorization` included. */
  readonly headers: Metadata;
}

/** The successful end of a unary call. */
export interface TransportReply<O> {
  readonly message: O;
  /** Headers and trailers of the reply. */
  readonly metadata: Metadata;
}

/** A transport's limits, as data, so that the API can batch and check before it sends. */
export interface TransportCapabilities {
  /** Short name for errors and traces: `grpc`, `http-json`, `grpc-web`, `connect`, `in-process`. */
  readonly name: string;
  /** Where calls go, for errors and traces; never holds a credential. */
  readonly endpoint: string;
  /** Whether `serverStream` works. */
  readonly streaming: boolean;
  /** Largest request in bytes of its protobuf encoding. */
  readonly maxSendBytes: number;
  /** Largest reply in bytes of its protobuf encoding. */
  readonly maxReceiveBytes: number;
  /** Whether credentials travel in clear text to a host that is not this machine. */
  readonly insecure: boolean;
}

/**
 * The seam between the API and the wire. An implementation moves messages and
 * reports failures as `TransportFailure`; it knows nothing of retries,
 * authentication, users' types or error classes.
 */
export interface Transport {
  readonly capabilities: TransportCapabilities;
  /** Makes one attempt. Rejects with a `TransportFailure`. */
  unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>>;
  /**
   * Opens a stream when it is iterated. Throws a `TransportFailure`; leaving the
   * loop early cancels the call on the wire.
   */
  serverStream<I, O>(call: TransportCall<I, O>): AsyncIterable<O>;
  /** Releases every resource. Calling it again does nothing. */
  close(): Promise<void>;
}

import { type Metadata, type StatusObject, status } from "@grpc/grpc-js";
import type {
  Transport,
  TransportCall,
  TransportCapabilities,
  TransportFailure,
  TransportReply,
} from "@vectron/core";
import { openChannel } from "./channel.ts";
import { ChannelPool } from "./channel-pool.ts";
import type { CodecLookup } from "./codec.ts";
import { toCancellation, toTransportFailure } from "./failure.ts";
import { GrpcCall, type GrpcCallListener } from "./grpc-call.ts";
import { fromMetadata } from "./metadata.ts";
import { decodeMessage, decodeOnlyMessage } from "./reply.ts";
import { notSent, prepareRequest } from "./request.ts";
import { StreamReader } from "./stream-reader.ts";
import type { TransportSettings } from "./transport-options.ts";

/** The seam's calls, made with grpc-js. */
export class GrpcTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #settings: TransportSettings;
  readonly #codecOf: CodecLookup;
  readonly #channels: ChannelPool;
  readonly #openCalls = new Set<GrpcCall>();
  #closed = false;

  constructor(settings: TransportSettings, codecOf: CodecLookup) {
    this.#settings = settings;
    this.#codecOf = codecOf;
    this.#channels = new ChannelPool(settings.channels, () => openChannel(settings));
    this.capabilities = {
      name: "grpc",
      endpoint: settings.address.endpoint,
      streaming: true,
      maxSendBytes: settings.maxSendBytes,
      maxReceiveBytes: settings.maxReceiveBytes,
      insecure: settings.tls === undefined && !staysOnThisMachine(settings),
    };
  }

  unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    return new Promise((resolve, reject) => {
      const messages: Buffer[] = [];
      let headers: Metadata | undefined;
      const grpcCall = this.#start(call, {
        onHeaders(received) {
          headers = received;
        },
        onMessage(bytes) {
          messages.push(bytes);
          // The end of a call is read after its messages, and a faulty server may send more than one.
          grpcCall.read();
        },
        onEnd: (end) => {
          try {
            if (end.code !== status.OK) throw this.#failure(call, grpcCall, end, headers);
            const metadata = fromMetadata(headers, end.metadata);
            resolve({
              message: decodeOnlyMessage(call.method, this.#codecOf(call.method), messages, metadata),
              metadata,
            });
          } catch (error) {
            reject(error);
          }
        },
      });
    });
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void, undefined> {
    const reader = new StreamReader();
    const grpcCall = this.#start(call, reader);
    try {
      for (;;) {
        const next = await reader.next();
        if (!Buffer.isBuffer(next)) {
          if (next.code === status.OK) return;
          throw this.#failure(call, grpcCall, next, reader.headers);
        }
        yield decodeMessage(call.method, this.#codecOf(call.method), next, fromMetadata(reader.headers));
        grpcCall.read();
      }
    } finally {
      grpcCall.cancel();
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const call of this.#openCalls) call.cancel();
    this.#channels.close();
    return Promise.resolve();
  }

  #start<I, O>(call: TransportCall<I, O>, listener: GrpcCallListener): GrpcCall {
    if (this.#closed) throw notSent("CANCELLED", "The client is closed");
    const request = prepareRequest(call, this.#codecOf(call.method), this.#settings);
    return new GrpcCall(this.#channels.acquire(), request, listener, this.#openCalls);
  }

  #failure<I, O>(
    call: TransportCall<I, O>,
    grpcCall: GrpcCall,
    end: StatusObject,
    headers: Metadata | undefined,
  ): TransportFailure {
    const { endpoint } = this.capabilities;
    return (
      toCancellation(end, call.signal, this.#closed) ??
      toTransportFailure({ status: end, headers, progress: grpcCall.progress, endpoint })
    );
  }
}

/** Whether what is sent in clear text can be read by other machines. */
function staysOnThisMachine({ address, route }: TransportSettings): boolean {
  return address.loopback && (typeof route === "string" || route.loopback);
}

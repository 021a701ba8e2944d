import { type StatusObject, status } from "@grpc/grpc-js";
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
import { GrpcCall, type GrpcCallListener, type GrpcRequest } from "./grpc-call.ts";
import { Reply } from "./reply.ts";
import { notSent, prepareRequest } from "./request.ts";
import { RequestMemory } from "./request-memory.ts";
import { StreamReader } from "./stream-reader.ts";
import type { TransportSettings } from "./transport-options.ts";

/** The seam's calls, made with grpc-js. */
export class GrpcTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #settings: TransportSettings;
  readonly #codecOf: CodecLookup;
  readonly #channels: ChannelPool;
  readonly #openCalls = new Set<GrpcCall>();
  readonly #memory = new RequestMemory();
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
      const reply = new Reply(call.method, this.#codecOf(call.method));
      const messages: Buffer[] = [];
      const request = this.#prepare(call);
      const grpcCall = this.#start(request, {
        onHeaders(headers) {
          reply.headers = headers;
        },
        onMessage(bytes) {
          messages.push(bytes);
          // The end of a call is read after its messages, and a faulty server may send more than one.
          grpcCall.read();
        },
        onEnd: (end) => {
          reply.end = end;
          try {
            if (end.code !== status.OK) throw this.#failure(call, grpcCall, reply);
            // After a failure grpc-js may still have the request at hand.
            if (request.lent) this.#memory.giveBack(request.message);
            resolve({ message: reply.decodeOnly(messages), metadata: reply.metadata });
          } catch (error) {
            reject(error);
          }
        },
      });
    });
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void, undefined> {
    const reply = new Reply(call.method, this.#codecOf(call.method));
    const reader = new StreamReader(reply);
    const grpcCall = this.#start(this.#prepare(call), reader);
    try {
      for (let bytes = await reader.next(); bytes !== undefined; bytes = await reader.next()) {
        yield reply.decode(bytes);
        grpcCall.read();
      }
      if (reply.end?.code !== status.OK) throw this.#failure(call, grpcCall, reply);
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

  #prepare<I, O>(call: TransportCall<I, O>): GrpcRequest {
    if (this.#closed) throw notSent("CANCELLED", "The client is closed");
    return prepareRequest(call, this.#codecOf(call.method), { limits: this.#settings, memory: this.#memory });
  }

  #start(request: GrpcRequest, listener: GrpcCallListener): GrpcCall {
    return new GrpcCall({ lease: this.#channels.acquire(), request, listener, openCalls: this.#openCalls });
  }

  #failure<I, O>(call: TransportCall<I, O>, grpcCall: GrpcCall, reply: Reply<I, O>): TransportFailure {
    const end = reply.end as StatusObject;
    if (end.code === status.CANCELLED && (call.signal.aborted || this.#closed))
      return toCancellation(call.signal);
    const { metadata } = reply;
    const { endpoint } = this.capabilities;
    return toTransportFailure({ end, metadata, mayHaveStarted: grpcCall.mayHaveStarted, endpoint });
  }
}

/** Whether what is sent in clear text can be read by other machines. */
function staysOnThisMachine({ address, route }: TransportSettings): boolean {
  return address.loopback && (typeof route === "string" || route.loopback);
}

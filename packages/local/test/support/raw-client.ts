import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import type { MethodDescriptor } from "@vectron/core";
import { binaryCodec, type SearchRequest, vectronService } from "@vectron/core/wire";

export interface RawCallSettings {
  readonly metadata?: Record<string, string>;
  /** Milliseconds since 1970. Default: the call has no deadline. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
}

/** A gRPC client that knows nothing of Vectron but its messages. */
export class RawClient {
  readonly client: Client;

  constructor(address: string, options: Record<string, string | number> = {}) {
    this.client = new Client(address, credentials.createInsecure(), {
      "grpc.enable_http_proxy": 0,
      "grpc.enable_retries": 0,
      "grpc.use_local_subchannel_pool": 1,
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
      ...options,
    });
  }

  unary<I, O>(method: MethodDescriptor<I, O>, message: I, settings: RawCallSettings = {}): Promise<O> {
    const codec = binaryCodec(method);
    return this.bytes(method.path, codec.encodeRequest(message), settings).then((reply) =>
      codec.decodeReply(reply),
    );
  }

  /** A unary call whose message is already encoded, or never was. */
  bytes(path: string, request: Uint8Array, settings: RawCallSettings = {}): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const call = this.client.makeUnaryRequest(
        path,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer): Uint8Array => bytes,
        request,
        toMetadata(settings),
        toOptions(settings),
        (error, reply) => (error === null ? resolve(reply!) : reject(toFailure(error))),
      );
      settings.signal?.addEventListener("abort", () => call.cancel(), { once: true });
    });
  }

  async searchStream(message: SearchRequest, settings: RawCallSettings = {}) {
    const codec = binaryCodec(vectronService.searchStream);
    const call = this.client.makeServerStreamRequest(
      vectronService.searchStream.path,
      (request: SearchRequest) => Buffer.from(codec.encodeRequest(request)),
      codec.decodeReply,
      message,
      toMetadata(settings),
      toOptions(settings),
    );
    settings.signal?.addEventListener("abort", () => call.cancel(), { once: true });
    const replies = [];
    try {
      for await (const reply of call) replies.push(reply);
    } catch (error) {
      throw toFailure(error as ServiceError);
    }
    return replies;
  }

  close(): void {
    this.client.close();
  }
}

function toMetadata({ metadata = {} }: RawCallSettings): Metadata {
  const converted = new Metadata();
  for (const [name, value] of Object.entries(metadata)) converted.set(name, value);
  return converted;
}

function toOptions({ deadline }: RawCallSettings) {
  return deadline === undefined ? {} : { deadline };
}

/** The error with its code by name and its message without grpc-js's prefix. */
function toFailure(error: ServiceError): Error {
  return Object.assign(new Error(error.details), { code: status[error.code] });
}

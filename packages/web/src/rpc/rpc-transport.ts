import type { DescMethodServerStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import type { Transport as ConnectTransport } from "@connectrpc/connect";
import {
  type Metadata,
  type MethodDescriptor,
  type Transport,
  type TransportCall,
  type TransportCapabilities,
  TransportFailure,
  type TransportReply,
} from "@vectron/core";
import { type Opaque, type OpaqueSchema, unwrap, vectronConnectMethod, wrap } from "@vectron/core/connect";
import { vectronBinaryClientCodec } from "@vectron/core/wire";
import { httpCapabilities } from "../http/capabilities.ts";
import { encoded } from "../http/encoded.ts";
import { notSent } from "../http/not-sent.ts";
import { OpenCalls } from "../http/open-calls.ts";
import { crossesOrigins } from "../http/page-origin.ts";
import { replyMetadata } from "../http/reply-metadata.ts";
import { requestHeaders } from "../http/request-headers.ts";
import type { HttpSettings } from "../options/http-options.ts";
import { rpcFailure } from "./rpc-failure.ts";
import { rpcFetch } from "./rpc-fetch.ts";
import type { RpcProtocol } from "./rpc-protocol.ts";

/**
 * The deadline goes on the wire as a header and ends the call through its signal.
 * A timer of connect-web's own would race with that one, and where it won, some
 * platforms would report the call as cancelled.
 */
const NO_TIMER = undefined;

/**
 * The seam's calls, made with connect-web in either of its protocols. Messages
 * are written and read by this project's own codec and cross connect-web as
 * they are.
 */
export class RpcTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #protocol: RpcProtocol;
  readonly #settings: HttpSettings;
  readonly #calls = new OpenCalls();

  constructor(protocol: RpcProtocol, settings: HttpSettings) {
    this.#protocol = protocol;
    this.#settings = settings;
    this.capabilities = httpCapabilities(protocol.name, settings, true);
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    const open = this.#calls.open(call);
    try {
      const request = this.#encode(call);
      const { header, trailer, message } = await this.#connect(call).unary(
        vectronConnectMethod(call.method) as DescMethodUnary<typeof OpaqueSchema, typeof OpaqueSchema>,
        open.signal,
        NO_TIMER,
        this.#headers(call),
        request,
      );
      const metadata = { ...replyMetadata(header), ...replyMetadata(trailer) };
      const reply = { message: decode(call.method, message, metadata), metadata };
      open.end();
      return reply;
    } catch (error) {
      throw open.fail(this.#failure(error));
    }
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void, undefined> {
    const open = this.#calls.open(call);
    try {
      const request = this.#encode(call);
      const { header, message: messages } = await this.#connect(call).stream(
        vectronConnectMethod(call.method) as DescMethodServerStreaming<
          typeof OpaqueSchema,
          typeof OpaqueSchema
        >,
        open.signal,
        NO_TIMER,
        this.#headers(call),
        only(request),
      );
      const metadata = replyMetadata(header);
      for await (const message of messages) yield decode(call.method, message, metadata);
    } catch (error) {
      throw open.fail(this.#failure(error));
    } finally {
      open.cancel();
    }
  }

  close(): Promise<void> {
    this.#calls.close();
    return Promise.resolve();
  }

  /** One of connect-web's transports for each call: its `fetch` then knows which call it serves. */
  #connect<I, O>({ method }: TransportCall<I, O>): ConnectTransport {
    const fetch = rpcFetch(this.#protocol, this.#settings, method);
    return this.#protocol.connect({ baseUrl: this.#settings.baseUrl.href, fetch });
  }

  #encode<I, O>({ method, message }: TransportCall<I, O>): Opaque {
    const { maxSendBytes } = this.#settings;
    const bytes = encoded(method, () => vectronBinaryClientCodec(method).encodeRequest(message));
    if (bytes.byteLength <= maxSendBytes) return wrap(bytes);
    throw notSent(
      "RESOURCE_EXHAUSTED",
      `the request of ${bytes.byteLength} bytes is larger than maxSendBytes, which is ${maxSendBytes}`,
    );
  }

  #headers<I, O>({ headers, deadline }: TransportCall<I, O>): Record<string, string> {
    return {
      ...requestHeaders(this.#settings, headers, crossesOrigins(this.#settings.baseUrl)),
      ...this.#protocol.timeoutHeader(deadline - Date.now()),
    };
  }

  #failure(error: unknown): TransportFailure {
    return rpcFailure(error, this.capabilities.endpoint);
  }
}

async function* only<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value;
}

function decode<I, O>(method: MethodDescriptor<I, O>, message: Opaque, metadata: Metadata): O {
  try {
    return vectronBinaryClientCodec(method).decodeReply(unwrap(message));
  } catch (cause) {
    throw new TransportFailure(
      "INTERNAL",
      `the reply to ${method.name} cannot be decoded: ${(cause as Error).message}`,
      { metadata, cause, requestSent: "yes" },
    );
  }
}

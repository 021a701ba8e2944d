import {
  InvalidArgumentError,
  type Transport,
  type TransportCall,
  type TransportCapabilities,
  TransportFailure,
  type TransportReply,
} from "@vectron/core";
import { createGrpcTransport } from "@vectron/node";
import type { ResolvedServerOptions, UpstreamOptions } from "../resolve-options.ts";
import { endToEnd } from "./end-to-end.ts";

/**
 * The gateway behind a bridge, as a back end. Nothing connects before the first call.
 *
 * @throws InvalidArgumentError when `upstream` is no address, or `upstreamTls` no TLS options
 */
export function openUpstream(
  { host, tls }: UpstreamOptions,
  { maxMessageBytes }: Pick<ResolvedServerOptions, "maxMessageBytes">,
): Transport {
  try {
    const limits = { maxSendBytes: maxMessageBytes, maxReceiveBytes: maxMessageBytes };
    return new UpstreamTransport(createGrpcTransport({ host, tls, ...limits }));
  } catch (error) {
    if (!InvalidArgumentError.isInstance(error)) throw error;
    throw new InvalidArgumentError(`upstream: ${error.message}`, { cause: error });
  }
}

/** Passes calls on with the headers that are about the call, both ways. */
class UpstreamTransport implements Transport {
  readonly capabilities: TransportCapabilities;
  readonly #grpc: Transport;

  constructor(grpc: Transport) {
    this.#grpc = grpc;
    this.capabilities = grpc.capabilities;
  }

  async unary<I, O>(call: TransportCall<I, O>): Promise<TransportReply<O>> {
    try {
      const { message, metadata } = await this.#grpc.unary(passedOn(call));
      return { message, metadata: endToEnd(metadata) };
    } catch (error) {
      throw passedBack(error);
    }
  }

  async *serverStream<I, O>(call: TransportCall<I, O>): AsyncGenerator<O, void, undefined> {
    try {
      yield* this.#grpc.serverStream(passedOn(call));
    } catch (error) {
      throw passedBack(error);
    }
  }

  close(): Promise<void> {
    return this.#grpc.close();
  }
}

function passedOn<I, O>(call: TransportCall<I, O>): TransportCall<I, O> {
  return { ...call, headers: endToEnd(call.headers) };
}

function passedBack(error: unknown): unknown {
  if (!(error instanceof TransportFailure)) return error;
  const { code, message, metadata, requestSent } = error;
  return new TransportFailure(code, message, { metadata: endToEnd(metadata), cause: error, requestSent });
}

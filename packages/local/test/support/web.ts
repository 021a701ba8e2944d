import type { Metadata, MethodDescriptor, Transport, TransportCall } from "@vectron/core";
import {
  createFetchTransport,
  type FetchTransportOptions,
  VectronClient,
  type VectronClientOptions,
} from "@vectron/web";
import { onTestFinished } from "vitest";

/** What browsers speak to the HTTP side. */
export const WEB_PROTOCOLS = ["json", "grpc-web", "connect"] as const;

/** Those of them that stream. */
export const RPC_PROTOCOLS = ["grpc-web", "connect"] as const;

/** A client that never repeats a call, closed when the test has finished. */
export function webClient(options: VectronClientOptions): VectronClient {
  const client = new VectronClient({ retry: { maxAttempts: 1 }, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** The transport of such a client. */
export function webTransport(options: FetchTransportOptions): Transport {
  const transport = createFetchTransport(options);
  onTestFinished(() => transport.close());
  return transport;
}

/** One attempt of a call, with a minute's time unless told otherwise. */
export function callOf<I, O>(
  method: MethodDescriptor<I, O>,
  message: I,
  changes: { readonly deadline?: number; readonly signal?: AbortSignal; readonly headers?: Metadata } = {},
): TransportCall<I, O> {
  const { deadline = Date.now() + 60_000, signal = new AbortController().signal, headers = {} } = changes;
  return { method, message, deadline, signal, headers };
}

/** All messages of a stream. */
export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const message of messages) collected.push(message);
  return collected;
}

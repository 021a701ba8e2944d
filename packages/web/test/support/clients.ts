import type { Metadata, MethodDescriptor, TransportCall } from "@vectron/core";
import { onTestFinished } from "vitest";
import { VectronClient, type VectronClientOptions } from "../../src/index.ts";

/** The protocols that a client can speak. */
export const PROTOCOLS = ["json", "grpc-web", "connect"] as const;

/** A client that never repeats a call, closed when the test has finished. */
export function createClient(options: VectronClientOptions): VectronClient {
  const client = new VectronClient({ retry: { maxAttempts: 1 }, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** What tests vary in a call. */
export interface CallChanges {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly headers?: Metadata;
}

/** One attempt of a call, as the API hands it to a transport. */
export function callOf<I, O>(
  method: MethodDescriptor<I, O>,
  message: I,
  changes: CallChanges = {},
): TransportCall<I, O> {
  return {
    method,
    message,
    signal: changes.signal ?? new AbortController().signal,
    deadline: changes.deadline ?? Date.now() + 10_000,
    headers: changes.headers ?? {},
  };
}

/** All values of a stream. */
export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

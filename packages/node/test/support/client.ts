import type { Metadata, TransportCall } from "@vectron/core";
import { onTestFinished } from "vitest";
import { GrpcTransport } from "../../src/grpc-transport.ts";
import {
  type GrpcTransportOptions,
  resolveOptions,
  type TransportSettings,
} from "../../src/transport-options.ts";
import { streamMethod, textCodecs, unaryMethod } from "./methods.ts";

/** A transport of texts, closed when the test has finished. */
export function createTransport(
  options: GrpcTransportOptions,
  changes: Partial<TransportSettings> = {},
): GrpcTransport {
  const transport = new GrpcTransport({ ...resolveOptions(options), ...changes }, textCodecs);
  onTestFinished(() => transport.close());
  return transport;
}

/** What tests vary in a call. */
export interface CallChanges {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly headers?: Metadata;
}

export function unaryCall(message: string, changes: CallChanges = {}): TransportCall<string, string> {
  return { method: unaryMethod, message, ...complete(changes) };
}

export function streamCall(message: string, changes: CallChanges = {}): TransportCall<string, string> {
  return { method: streamMethod, message, ...complete(changes) };
}

function complete(changes: CallChanges) {
  return {
    signal: changes.signal ?? new AbortController().signal,
    deadline: changes.deadline ?? Date.now() + 10_000,
    headers: changes.headers ?? {},
  };
}

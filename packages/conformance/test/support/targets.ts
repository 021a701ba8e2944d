import { VectronClient as CoreClient, type Transport } from "@vectron/core";
import { type StartServerOptions, startServer } from "@vectron/local";
import { openMemory } from "@vectron/local/memory";
import { createGrpcTransport, VectronClient } from "@vectron/node";
import type { Capability } from "../../src/capabilities.ts";
import type { OpenTarget } from "../../src/vitest.ts";
import { closedAddress } from "./closed-address.ts";

/** What every engine of this repository offers. */
const ENGINE: readonly Capability[] = [
  "profile",
  "strong-reads",
  "complete-search",
  "exact-ties",
  "exact-cosine",
  "exact-dot",
  "unbounded-top-k",
  "reinsert",
];

const API_KEY = "key-of-the-conformance-suite";

/** The engine in memory, called without a wire. Each client has an engine of its own. */
export function openInProcess(): OpenTarget {
  return {
    target: {
      name: "in-process",
      capabilities: [...ENGINE, "streaming", "any-id", "message-limit"],
      connect: (options) => openMemory(options),
    },
    close: async () => undefined,
  };
}

const GRPC: readonly Capability[] = [
  ...ENGINE,
  "streaming",
  "remote",
  "unreachable",
  "auth",
  "stream-auth",
  "shared-tokens",
  "shared-server",
  "any-id",
  "message-limit",
];

/** The local server over gRPC. */
export async function openGrpc(): Promise<OpenTarget> {
  const server = await startServer({ apiKey: API_KEY });
  const nowhere = await closedAddress();
  return {
    target: {
      name: "grpc",
      capabilities: GRPC,
      apiKey: API_KEY,
      connect: (options) => new VectronClient({ ...options, host: server.grpcAddress }),
      connectToNothing: (options) => new VectronClient({ ...options, host: nowhere }),
    },
    close: () => server.close(),
  };
}

/** The local server over gRPC, which takes one call a second. */
export function openRateLimitedGrpc(): Promise<OpenTarget> {
  return openLimited(["rate-limit"], { rateLimit: 1 });
}

/** The local server over gRPC, which takes small requests only. */
export function openSmallGrpc(): Promise<OpenTarget> {
  return openLimited(["small-messages"], { maxMessageBytes: 65_536 });
}

async function openLimited(
  capabilities: readonly Capability[],
  limits: StartServerOptions,
): Promise<OpenTarget> {
  const server = await startServer(limits);
  return {
    target: {
      name: `grpc with ${capabilities.join(", ")}`,
      capabilities,
      connect: (options) => new VectronClient({ ...options, host: server.grpcAddress }),
    },
    close: () => server.close(),
  };
}

/** The local server over gRPC, with something done to the transport of every client. */
export async function openGrpcThrough(wrap: (transport: Transport) => Transport): Promise<OpenTarget> {
  const server = await startServer({ apiKey: API_KEY });
  return {
    target: {
      name: "grpc through a wrapper",
      capabilities: GRPC.filter((capability) => capability !== "unreachable"),
      apiKey: API_KEY,
      connect: (options) => new CoreClient(wrap(createGrpcTransport({ host: server.grpcAddress })), options),
    },
    close: () => server.close(),
  };
}

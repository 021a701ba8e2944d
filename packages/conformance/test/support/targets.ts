import { type ClientOptions, VectronClient as CoreClient, type Transport } from "@vectron/core";
import { refusedAddress } from "@vectron/fixtures";
import {
  openVectron,
  type StartServerOptions,
  type StorageOptions,
  startServer,
  type VectronServer,
} from "@vectron/local";
import { openMemory } from "@vectron/local/memory";
import { createGrpcTransport, VectronClient } from "@vectron/node";
import { type Protocol, VectronClient as WebClient } from "@vectron/web";
import { type Capability, ENGINE_CAPABILITIES } from "../../src/capabilities.ts";
import type { ConformanceTarget } from "../../src/target.ts";
import type { OpenTarget } from "../../src/vitest.ts";

const API_KEY = "key-of-the-conformance-suite";

/** The engine in memory, called without a wire. Each client has an engine of its own. */
export function openInProcess(): OpenTarget {
  return {
    target: { name: "in-process", capabilities: IN_PROCESS, connect: (options) => openMemory(options) },
    close: async () => undefined,
  };
}

const IN_PROCESS: readonly Capability[] = [...ENGINE_CAPABILITIES, "streaming", "any-id", "message-limit"];

/** The engine on a directory, called without a wire. Its clients share it, since a process can have a directory open only once. */
export async function openInProcessOn(storage: StorageOptions): Promise<OpenTarget> {
  const owner = await openVectron(storage);
  return {
    target: {
      name: "in-process on a directory",
      capabilities: [...IN_PROCESS, "shared-server"],
      connect: (options) => owner.engine.connect(options),
    },
    close: () => owner.close(),
  };
}

const GRPC: readonly Capability[] = [
  ...ENGINE_CAPABILITIES,
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
export async function openGrpc(storage: StorageOptions = {}): Promise<OpenTarget> {
  const server = await startServer({ ...storage, apiKey: API_KEY });
  return { target: await grpcTarget("grpc", server), close: () => server.close() };
}

/** What the clients of browsers offer: they run in edge workers too, where no call may wait for another's token. */
const WEB = GRPC.filter((capability) => capability !== "shared-tokens");

/** Over HTTP/JSON there are no streams, and names are parts of a path. */
const NOT_JSON: readonly Capability[] = ["streaming", "stream-auth", "any-id"];

const WEB_CAPABILITIES: Readonly<Record<Protocol, readonly Capability[]>> = {
  json: [...WEB.filter((capability) => !NOT_JSON.includes(capability)), "streaming-refused"],
  "grpc-web": WEB,
  connect: WEB,
};

/** The local server over a protocol of browsers. */
export async function openWeb(protocol: Protocol, storage: StorageOptions = {}): Promise<OpenTarget> {
  const server = await startServer({ ...storage, apiKey: API_KEY, httpPort: 0 });
  return {
    target: await webTarget(protocol, protocol, server),
    close: () => server.close(),
  };
}

/** The same behind the bridge: the browser's protocol to one local server, which passes calls on to another over gRPC. */
export async function openWebBridge(protocol: Protocol): Promise<OpenTarget> {
  const { bridge, close } = await openBridge();
  return { target: await webTarget(`${protocol} through the bridge`, protocol, bridge), close };
}

/** gRPC to the bridge, and gRPC on. */
export async function openGrpcBridge(): Promise<OpenTarget> {
  const { bridge, close } = await openBridge();
  return { target: await grpcTarget("grpc through the bridge", bridge), close };
}

async function openBridge() {
  const upstream = await startServer({ apiKey: API_KEY });
  const bridge = await startServer({ upstream: upstream.grpcAddress, httpPort: 0 });
  const close = async () => {
    await bridge.close();
    await upstream.close();
  };
  return { bridge, close };
}

async function webTarget(
  name: string,
  protocol: Protocol,
  server: VectronServer,
): Promise<ConformanceTarget> {
  const connect = (baseUrl: string) => (options: ClientOptions) =>
    new WebClient({ ...options, baseUrl, protocol });
  return {
    name,
    capabilities: WEB_CAPABILITIES[protocol],
    apiKey: API_KEY,
    connect: connect(server.httpUrl!),
    connectToNothing: connect(`http://${await refusedAddress()}`),
  };
}

async function grpcTarget(name: string, server: VectronServer): Promise<ConformanceTarget> {
  const connect = (host: string) => (options: ClientOptions) => new VectronClient({ ...options, host });
  return {
    name,
    capabilities: GRPC,
    apiKey: API_KEY,
    connect: connect(server.grpcAddress),
    connectToNothing: connect(await refusedAddress()),
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

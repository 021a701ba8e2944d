import type { Transport } from "@vectron/core";
import type { ParityOptions } from "../parity/parity-options.ts";
import { openBackend } from "./backend.ts";
import { type CallGuard, callGuard } from "./call-guard.ts";
import { GrpcServer } from "./grpc/grpc-server.ts";
import { hostAndPort } from "./host-and-port.ts";
import type { HttpServer } from "./http/http-server.ts";
import { loadOptional } from "./load-optional.ts";
import { type ResolvedServerOptions, resolveServerOptions } from "./resolve-options.ts";
import type { StartServerOptions, VectronServer } from "./server-options.ts";

const HTTP_PACKAGES = ["@connectrpc/connect", "@connectrpc/connect-node", "@bufbuild/protobuf"];

/**
 * Starts a server on an engine in memory, or on the gateway behind a bridge.
 *
 * @param parity - the figures of `strictParity`, for tests
 */
export async function listen(options: StartServerOptions, parity?: ParityOptions): Promise<VectronServer> {
  const resolved = resolveServerOptions(options);
  const backend = await openBackend(resolved, parity);
  try {
    return new RunningServer(resolved, await openSides(resolved, backend), backend);
  } catch (error) {
    await backend.close();
    throw error;
  }
}

interface ServerSides {
  readonly grpc: GrpcServer;
  readonly http: HttpServer | undefined;
}

async function openSides(options: ResolvedServerOptions, backend: Transport): Promise<ServerSides> {
  // One guard for both, so that the rate limit counts the calls of both.
  const guard = callGuard(options);
  const http = await openHttp(options, guard, backend);
  try {
    return { http, grpc: await GrpcServer.listen(options, guard, backend) };
  } catch (error) {
    await http?.close(0);
    throw error;
  }
}

async function openHttp(
  options: ResolvedServerOptions,
  guard: CallGuard,
  backend: Transport,
): Promise<HttpServer | undefined> {
  if (options.httpPort === undefined) return undefined;
  const load = () => import("./http/http-server.ts");
  const { HttpServer } = await loadOptional(load, "startServer with httpPort", HTTP_PACKAGES);
  return HttpServer.listen(options, guard, backend);
}

class RunningServer implements VectronServer {
  readonly grpcPort: number;
  readonly grpcAddress: string;
  readonly httpPort: number | undefined;
  readonly httpUrl: string | undefined;
  readonly #end: () => Promise<void>;
  #closed: Promise<void> | undefined;

  constructor(options: ResolvedServerOptions, { grpc, http }: ServerSides, backend: Transport) {
    const { host, tls, drainTimeoutMs } = options;
    this.grpcPort = grpc.port;
    this.grpcAddress = hostAndPort(host, grpc.port);
    this.httpPort = http?.port;
    this.httpUrl = http && `${tls === undefined ? "http" : "https"}://${hostAndPort(host, http.port)}`;
    this.#end = async () => {
      await Promise.all([grpc.close(drainTimeoutMs), http?.close(drainTimeoutMs)]);
      await backend.close();
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

import type { ParityOptions } from "../parity/parity-options.ts";
import { type Backend, openBackend } from "./backend.ts";
import { callGuard } from "./call-guard.ts";
import { GrpcServer, type SharedSurroundings } from "./grpc/grpc-server.ts";
import { hostAndPort } from "./host-and-port.ts";
import type { HttpServer } from "./http/http-server.ts";
import { loadOptional } from "./load-optional.ts";
import { callLog } from "./monitor/call-log.ts";
import { type CallListener, CallMonitor } from "./monitor/call-monitor.ts";
import type { Metrics } from "./monitor/metrics.ts";
import { type ResolvedServerOptions, resolveServerOptions } from "./resolve-options.ts";
import type { StartServerOptions, VectronServer } from "./server-options.ts";

const HTTP_PACKAGES = ["@connectrpc/connect", "@connectrpc/connect-node"];

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
    await backend.transport.close();
    throw error;
  }
}

interface ServerSides {
  readonly grpc: GrpcServer;
  readonly http: HttpServer | undefined;
}

async function openSides(options: ResolvedServerOptions, backend: Backend): Promise<ServerSides> {
  const sides: { grpc?: GrpcServer; http?: HttpServer | undefined } = {};
  const connections = () => ({
    grpc: sides.grpc?.connectionCount ?? 0,
    http: sides.http?.connectionCount ?? 0,
  });
  const metrics = await openMetrics(options, { connections, holdings: backend.holdings });
  const log = callLog(options.logger);
  const listeners: CallListener[] = metrics === undefined ? [log] : [log, metrics];
  // One guard for both, so that the rate limit counts the calls of both.
  const guard = callGuard(options, () => metrics?.rateLimited());
  const shared = { guard, monitor: new CallMonitor(listeners), metrics };
  sides.http = await openHttp(options, shared, backend);
  try {
    const grpc = await GrpcServer.listen(options, shared, backend.transport);
    sides.grpc = grpc;
    return { http: sides.http, grpc };
  } catch (error) {
    await sides.http?.close(0);
    throw error;
  }
}

async function openMetrics(
  options: ResolvedServerOptions,
  sources: ConstructorParameters<typeof Metrics>[0],
): Promise<Metrics | undefined> {
  if (!options.metrics) return undefined;
  const load = () => import("./monitor/metrics.ts");
  const { Metrics } = await loadOptional(load, "startServer with metrics", ["prom-client"]);
  return new Metrics(sources);
}

async function openHttp(
  options: ResolvedServerOptions,
  shared: SharedSurroundings & { readonly metrics: Metrics | undefined },
  backend: Backend,
): Promise<HttpServer | undefined> {
  if (options.httpPort === undefined) return undefined;
  const load = () => import("./http/http-server.ts");
  const { HttpServer } = await loadOptional(load, "startServer with httpPort", HTTP_PACKAGES);
  return HttpServer.listen(options, shared, backend.transport);
}

class RunningServer implements VectronServer {
  readonly grpcPort: number;
  readonly grpcAddress: string;
  readonly httpPort: number | undefined;
  readonly httpUrl: string | undefined;
  readonly #end: () => Promise<void>;
  #closed: Promise<void> | undefined;

  constructor(options: ResolvedServerOptions, { grpc, http }: ServerSides, backend: Backend) {
    const { host, tls, drainTimeoutMs, logger } = options;
    this.grpcPort = grpc.port;
    this.grpcAddress = hostAndPort(host, grpc.port);
    this.httpPort = http?.port;
    this.httpUrl = http && `${tls === undefined ? "http" : "https"}://${hostAndPort(host, http.port)}`;
    logger.info?.("server listening", { grpcAddress: this.grpcAddress, httpUrl: this.httpUrl });
    this.#end = async () => {
      logger.info?.("server draining", { drainTimeoutMs });
      await Promise.all([grpc.close(drainTimeoutMs), http?.close(drainTimeoutMs)]);
      await backend.transport.close();
      logger.info?.("server closed");
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

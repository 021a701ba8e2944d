import { Server, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { Transport } from "@vectron/core";
import { hostAndPort } from "../host-and-port.ts";
import { probeListen } from "../listen-probe.ts";
import { METHODS } from "../methods.ts";
import type { ResolvedServerOptions } from "../resolve-options.ts";
import { ListenError } from "../server-options.ts";
import type { TlsIdentity } from "../tls-identity.ts";
import { type CallSurroundings, callInterceptor } from "./call-interceptor.ts";
import { DescriptorIndex } from "./descriptor-index.ts";
import { Health } from "./gen/grpc/health/v1/health_pb.ts";
import { VectronService } from "./gen/vectron/v1/vectron_pb.ts";
import { GrpcConnections } from "./grpc-connections.ts";
import { type GrpcService, grpcService } from "./grpc-service.ts";
import { HealthService } from "./health-service.ts";
import { REFLECTION_SERVICES, reflectionServices } from "./reflection-service.ts";

/** The figure of a stock server. */
const MAX_STREAMS_PER_CONNECTION = 4_096;

/** What the calls of both sides go through. */
export type SharedSurroundings = Pick<CallSurroundings, "guard" | "monitor">;

/** The gRPC side of a server, listening. */
export class GrpcServer {
  readonly port: number;
  readonly #server: Server;
  readonly #connections: GrpcConnections;
  readonly #health: HealthService;

  private constructor(server: Server, { port, connections, health }: GrpcServerParts) {
    this.#server = server;
    this.#connections = connections;
    this.#health = health;
    this.port = port;
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.#connections.count;
  }

  /** @throws ListenError when the address or the port is not to be had */
  static async listen(
    options: ResolvedServerOptions,
    shared: SharedSurroundings,
    backend: Transport,
  ): Promise<GrpcServer> {
    const { host, grpcPort, tls, requestTimeoutMs, strictParity } = options;
    const connections = new GrpcConnections(options);
    const interceptor = callInterceptor({ ...shared, connections, requestTimeoutMs });
    const server = new Server({ ...channelOptions(options), interceptors: [interceptor] });
    const health = new HealthService([VectronService.typeName]);
    // A stock server has neither health nor reflection.
    const forTools = strictParity ? [] : [health.service, ...reflection()];
    for (const { definition, implementation } of [grpcService(METHODS, backend), ...forTools]) {
      server.addService(definition, implementation);
    }
    const address = hostAndPort(host, grpcPort);
    try {
      await probeListen(host, grpcPort);
      const port = await bind(server, address, credentialsOf(tls));
      connections.watch(server);
      return new GrpcServer(server, { port, connections, health });
    } catch (error) {
      throw new ListenError(address, error as Error);
    }
  }

  /** Refuses new calls and waits for those in flight; after `drainTimeoutMs` it cuts them off. */
  async close(drainTimeoutMs: number): Promise<void> {
    this.#health.drain();
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#server.tryShutdown(() => resolve());
      timer = setTimeout(() => {
        this.#server.forceShutdown();
        // Not left to grpc-js, which forgets to say so where a session was being destroyed already.
        setImmediate(resolve);
      }, drainTimeoutMs);
    });
    clearTimeout(timer);
  }
}

interface GrpcServerParts {
  readonly port: number;
  readonly connections: GrpcConnections;
  readonly health: HealthService;
}

function channelOptions(options: ResolvedServerOptions): ServerOptions {
  return {
    "grpc.max_receive_message_length": options.maxMessageBytes,
    "grpc.max_send_message_length": options.maxMessageBytes,
    "grpc.max_concurrent_streams": MAX_STREAMS_PER_CONNECTION,
    "grpc.keepalive_time_ms": options.keepaliveTimeMs,
    "grpc.keepalive_timeout_ms": options.keepaliveTimeoutMs,
  };
}

function reflection(): GrpcService[] {
  return reflectionServices(new DescriptorIndex([VectronService, Health, ...REFLECTION_SERVICES]));
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

function credentialsOf(tls: TlsIdentity | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(null, [{ cert_chain: tls.cert, private_key: tls.key }]);
}

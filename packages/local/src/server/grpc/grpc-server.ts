import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Transport } from "@vectron/core";
import type { CallGuard } from "../call-guard.ts";
import { hostAndPort } from "../host-and-port.ts";
import { probeListen } from "../listen-probe.ts";
import { METHODS } from "../methods.ts";
import type { ResolvedServerOptions } from "../resolve-options.ts";
import { ListenError } from "../server-options.ts";
import type { TlsIdentity } from "../tls-identity.ts";
import { grpcService } from "./grpc-service.ts";
import { guardInterceptor } from "./guard-interceptor.ts";

/** The figures of a stock server. */
const KEEPALIVE_TIME_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
const MAX_STREAMS_PER_CONNECTION = 4_096;

/** The gRPC side of a server, listening. */
export class GrpcServer {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @throws ListenError when the address or the port is not to be had */
  static async listen(
    options: ResolvedServerOptions,
    guard: CallGuard,
    backend: Transport,
  ): Promise<GrpcServer> {
    const { host, grpcPort, tls, maxMessageBytes } = options;
    const server = new Server({
      "grpc.max_receive_message_length": maxMessageBytes,
      "grpc.max_send_message_length": maxMessageBytes,
      "grpc.max_concurrent_streams": MAX_STREAMS_PER_CONNECTION,
      "grpc.keepalive_time_ms": KEEPALIVE_TIME_MS,
      "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
      interceptors: [guardInterceptor(guard)],
    });
    const { definition, implementation } = grpcService(METHODS, backend);
    server.addService(definition, implementation);
    const address = hostAndPort(host, grpcPort);
    try {
      await probeListen(host, grpcPort);
      return new GrpcServer(server, await bind(server, address, credentialsOf(tls)));
    } catch (error) {
      throw new ListenError(address, error as Error);
    }
  }

  /** Refuses new calls and waits for those in flight; after `drainTimeoutMs` it cuts them off. */
  async close(drainTimeoutMs: number): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#server.tryShutdown(() => resolve());
    });
    const timer = setTimeout(() => this.#server.forceShutdown(), drainTimeoutMs);
    await drained;
    clearTimeout(timer);
  }
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

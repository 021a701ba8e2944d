import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Transport } from "@vectron/core";
import { failure } from "../../service/failures.ts";
import type { CallGuard } from "../call-guard.ts";
import { hostAndPort } from "../host-and-port.ts";
import type { ResolvedServerOptions } from "../resolve-options.ts";
import { ListenError } from "../server-options.ts";
import { Connections } from "./connections.ts";
import { httpListener } from "./http-listener.ts";
import type { HttpSurroundings } from "./http-surroundings.ts";
import { createNodeServer, type HttpListener, httpLimits, type NodeServer } from "./node-server.ts";

/** The HTTP side of a server, listening. */
export class HttpServer {
  readonly port: number;
  readonly #server: NodeServer;
  readonly #connections: Connections;

  private constructor(server: NodeServer, connections: Connections) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#connections = connections;
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.#connections.count;
  }

  /** @throws ListenError when the address or the port is not to be had */
  static async listen(
    options: ResolvedServerOptions,
    surroundings: HttpSurroundings,
    backend: Transport,
  ): Promise<HttpServer> {
    const { host, httpPort: port = 0, tls, requestTimeoutMs } = options;
    const connections = new Connections();
    const guard = whileOpen(connections, surroundings.guard);
    const listener = httpListener(options, { ...surroundings, guard, connections }, backend);
    const serve: HttpListener = (request, response) => {
      connections.hold(request, response);
      listener(request, response);
    };
    const server = createNodeServer(serve, tls, httpLimits(requestTimeoutMs));
    connections.watch(server);
    try {
      server.listen({ host, port, exclusive: true });
      await once(server, "listening");
    } catch (error) {
      throw new ListenError(hostAndPort(host, port), error as Error);
    }
    return new HttpServer(server, connections);
  }

  /** Refuses new calls and waits for those in flight; after `drainTimeoutMs` it cuts them off. */
  close(drainTimeoutMs: number): Promise<void> {
    return this.#connections.close(this.#server, drainTimeoutMs);
  }
}

/** Refuses the calls, too, that come over connections which a closing server still has. */
function whileOpen(connections: Connections, guard: CallGuard): CallGuard {
  return (method, headers) => {
    if (connections.isClosing) throw failure("UNAVAILABLE", "the server is shutting down");
    guard(method, headers);
  };
}

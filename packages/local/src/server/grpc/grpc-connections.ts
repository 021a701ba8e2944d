import { constants, type Http2SecureServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import { type PingLimits, PingPolicy } from "./ping-policy.ts";

const TOO_MANY_PINGS = Buffer.from("too_many_pings");

/** The connections of a gRPC server, held to the rules about pings. */
export class GrpcConnections {
  readonly #limits: PingLimits;
  readonly #policies = new Map<string, PingPolicy>();

  constructor(limits: PingLimits) {
    this.#limits = limits;
  }

  /** How many are open. */
  get count(): number {
    return this.#policies.size;
  }

  /** Learns of the connections of a server that listens. */
  watch(server: Server): void {
    for (const http2Server of http2ServersOf(server)) {
      http2Server.on("session", (session: ServerHttp2Session) => this.#enforce(session));
    }
  }

  /**
   * What decides about the pings of a connection, while it is open.
   *
   * @param peer - its other end, as gRPC names it: `127.0.0.1:40000`
   */
  policyOf(peer: string): PingPolicy | undefined {
    return this.#policies.get(peer);
  }

  #enforce(session: ServerHttp2Session): void {
    const { remoteAddress, remotePort } = session.socket;
    const peer = `${remoteAddress}:${remotePort}`;
    const policy = new PingPolicy(this.#limits);
    let openCalls = 0;
    session.on("stream", (stream) => {
      openCalls++;
      stream.once("close", () => {
        openCalls--;
      });
    });
    session.on("ping", () => {
      if (!policy.received(openCalls > 0)) end(session);
    });
    this.#policies.set(peer, policy);
    session.once("close", () => {
      if (this.#policies.get(peer) === policy) this.#policies.delete(peer);
    });
  }
}

/** Says why, and closes the connection with whatever is open on it. */
function end(session: ServerHttp2Session): void {
  if (session.destroyed) return;
  session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, TOO_MANY_PINGS);
  // A server that shuts down right now waits for ever for a session that was destroyed without having been closed.
  session.close();
  // After the frame has been written.
  setImmediate(() => session.destroy());
}

/**
 * What grpc-js listens with. It has no public way to its connections, and does not enforce rules about pings itself.
 *
 * @throws Error when it listens with something else
 */
function http2ServersOf(server: Server): readonly (Http2Server | Http2SecureServer)[] {
  const { http2Servers } = server as unknown as {
    readonly http2Servers?: ReadonlyMap<Http2Server | Http2SecureServer, unknown>;
  };
  if (http2Servers === undefined) throw new Error("this version of @grpc/grpc-js hides its HTTP/2 servers");
  return [...http2Servers.keys()];
}

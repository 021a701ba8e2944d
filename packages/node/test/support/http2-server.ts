import { EventEmitter, once } from "node:events";
import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A raw HTTP/2 server, for what a gRPC server hides or never does. */
export interface Http2Server {
  readonly address: string;
  readonly port: number;
  /** How many pings came, on all connections. */
  readonly pingCount: number;
  /** Resolves when that many pings have come. */
  waitForPings(count: number): Promise<void>;
  /** Sends a ping on the latest connection, and resolves when it is answered. */
  ping(): Promise<void>;
}

/** Starts a server, with TLS if there are options for it; it is stopped when the test has finished. */
export async function startHttp2Server(
  onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  tls?: SecureServerOptions,
): Promise<Http2Server> {
  const sessions: ServerHttp2Session[] = [];
  const server = tls === undefined ? createServer() : createSecureServer(tls);
  const pings = new EventEmitter();
  let pingCount = 0;
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => {});
    session.on("ping", () => {
      pingCount += 1;
      pings.emit("ping");
    });
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    onStream(stream, headers);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    const closed = once(server, "close");
    server.close();
    for (const session of sessions) session.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    port,
    get pingCount() {
      return pingCount;
    },
    async waitForPings(count) {
      while (pingCount < count) await once(pings, "ping");
    },
    ping: () =>
      new Promise((resolve, reject) => {
        sessions.at(-1)?.ping((error) => (error ? reject(error) : resolve()));
      }),
  };
}

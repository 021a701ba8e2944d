import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server of bare connections. */
export interface TcpServer {
  readonly address: string;
  readonly port: number;
  readonly sockets: readonly Socket[];
}

/** Starts a server, stopped when the test has finished. */
export async function startTcpServer(onConnection: (socket: Socket) => void): Promise<TcpServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, port, sockets };
}

/** Passes connections on to a server, until it is frozen: then nothing comes through, and nothing closes. */
export async function startForwarder(port: number): Promise<TcpServer & { freeze(): void }> {
  const upstreams: Socket[] = [];
  const server = await startTcpServer((socket) => {
    const upstream = connect(port, "127.0.0.1");
    upstreams.push(upstream);
    upstream.on("error", () => socket.destroy());
    upstream.pipe(socket).pipe(upstream);
  });
  const freeze = () => {
    for (const socket of [...server.sockets, ...upstreams]) socket.unpipe().pause();
  };
  onTestFinished(() => {
    for (const upstream of upstreams) upstream.destroy();
  });
  return { ...server, freeze };
}

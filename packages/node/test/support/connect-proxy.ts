import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";

/** A proxy that opens tunnels with `CONNECT`. */
export interface ConnectProxy {
  readonly port: number;
  /** The tunnels that were asked for, in order. */
  readonly requests: readonly { readonly target: string; readonly headers: IncomingHttpHeaders }[];
}

/**
 * Starts a proxy, stopped when the test has finished.
 * @param targets - where the tunnels to a name lead, when not to that name itself
 * @param status - what requests are answered with; only 200 opens a tunnel
 */
export async function startConnectProxy(
  targets: Readonly<Record<string, string>> = {},
  status = 200,
): Promise<ConnectProxy> {
  const requests: { target: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer();
  const open = new Set<{ destroy(): void }>();
  server.on("connect", (request, socket) => {
    const target = request.url as string;
    requests.push({ target, headers: request.headers });
    open.add(socket);
    socket.on("error", () => {});
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host, port] = (targets[target] ?? target).split(":");
    const upstream = connect(Number(port), host as string, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    open.add(upstream);
    upstream.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

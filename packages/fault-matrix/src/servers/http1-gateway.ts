import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type Gateway, openGateway } from "./gateway.ts";

/** Answers a request itself, in place of the server behind. */
export type RequestFault = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Passes HTTP/1.1 requests on to a server, save the first and those like it: they
 * have the fault.
 *
 * @param port - the server's
 */
export async function startHttp1Gateway(port: number, fault: RequestFault): Promise<Gateway> {
  let first: string | undefined;
  const server = createServer((incoming, response) => {
    const target = `${incoming.method} ${incoming.url}`;
    first ??= target;
    if (target !== first) return passOn(incoming, response, port);
    incoming.resume().once("end", () => fault(incoming, response));
  });
  return openGateway(server, () => server.closeAllConnections());
}

function passOn(incoming: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url, headers } = incoming;
  const upstream = request({ host: "127.0.0.1", port, method, path: url, headers, agent: false }, (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(response);
  });
  upstream.on("error", () => response.destroy());
  incoming.pipe(upstream);
}

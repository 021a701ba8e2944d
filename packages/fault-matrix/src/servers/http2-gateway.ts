import {
  type ClientHttp2Stream,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { type Gateway, openGateway } from "./gateway.ts";

/** Answers a stream itself, in place of the server behind. */
export type StreamFault = (stream: ServerHttp2Stream) => void;

/** Which requests have the fault. */
export interface Faulty {
  /** How many: the first, and those like it that follow. Default: every one. */
  readonly count?: number | undefined;
  /** How many requests come before them. Default 0. */
  readonly after?: number | undefined;
}

/**
 * Passes HTTP/2 streams on to a server, save those that have the fault.
 *
 * @param port - the server's
 */
export async function startHttp2Gateway(
  port: number,
  { count = Number.POSITIVE_INFINITY, after = 0 }: Faulty,
  fault: StreamFault,
): Promise<Gateway> {
  const server = createServer();
  const upstream = connect(`http://127.0.0.1:${port}`);
  const sessions = new Set<ServerHttp2Session>();
  let path: string | undefined;
  let seen = 0;
  let struck = 0;
  upstream.on("error", () => {});
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => {});
    session.once("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    seen += 1;
    if (seen > after) path ??= headers[":path"];
    if (headers[":path"] !== path || struck >= count)
      return passOn(stream, upstream.request(withoutHost(headers)));
    struck += 1;
    // The request is read to its end first: what the fault comes after has been sent.
    stream.resume().once("end", () => fault(stream));
  });
  return openGateway(server, () => {
    for (const session of sessions) session.destroy();
    upstream.destroy();
  });
}

function withoutHost({ ":authority": _authority, ...headers }: IncomingHttpHeaders): OutgoingHttpHeaders {
  return headers;
}

function passOn(stream: ServerHttp2Stream, upstream: ClientHttp2Stream): void {
  let trailers: IncomingHttpHeaders = {};
  upstream.on("error", () => {});
  upstream.on("response", (headers, flags) => {
    // A reply of headers only ends with them.
    if (flags & 1) stream.respond(headers, { endStream: true });
    else stream.respond(headers, { waitForTrailers: true });
  });
  upstream.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.pipe(upstream).pipe(stream);
}

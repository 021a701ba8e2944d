import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { TlsIdentity } from "../tls-identity.ts";

/** A server of either version of HTTP. */
export type NodeServer = Server | Http2SecureServer;

/** What answers requests. Over HTTP/2 too: Node's compatibility API has what this server uses of these types. */
export type HttpListener = (request: IncomingMessage, response: ServerResponse) => void;

/** How long clients may take, in milliseconds, and how much they may send beside a body. */
export interface HttpLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How often the two before are looked at. */
  readonly checkIntervalMs: number;
  readonly idleTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxStreamsPerConnection: number;
}

const HEADERS_TIMEOUT_MS = 20_000;
const CHECK_INTERVAL_MS = 5_000;

/** @param requestTimeoutMs - how long a whole request may take */
export function httpLimits(requestTimeoutMs: number): HttpLimits {
  return {
    ...FIXED_LIMITS,
    requestTimeoutMs,
    headersTimeoutMs: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
    checkIntervalMs: Math.min(CHECK_INTERVAL_MS, requestTimeoutMs),
  };
}

const FIXED_LIMITS = {
  // Above the minute that proxies and load balancers keep connections for: whoever closes first must not be us.
  idleTimeoutMs: 75_000,
  // Four times Node's own limit: names and ids are part of the path, percent-encoded.
  maxHeaderBytes: 64 * 1024,
  maxStreamsPerConnection: 4_096,
};

/** A server of HTTP/1.1; with TLS, of HTTP/2 as well, for clients that ask for it (ALPN). */
export function createNodeServer(
  listener: HttpListener,
  tls: TlsIdentity | undefined,
  limits: HttpLimits,
): NodeServer {
  const server = tls === undefined ? createServer(listener) : createSecure(listener, tls, limits);
  // Set on the object, because the constructor of a secure server takes none of them.
  return Object.assign(server, {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
  });
}

function createSecure(listener: HttpListener, tls: TlsIdentity, limits: HttpLimits): Http2SecureServer {
  const server = createSecureServer({
    ...tls,
    allowHTTP1: true,
    handshakeTimeout: limits.headersTimeoutMs,
    settings: {
      maxConcurrentStreams: limits.maxStreamsPerConnection,
      maxHeaderListSize: limits.maxHeaderBytes,
    },
  });
  server.on("request", listener as never);
  server.on("session", (session) => limitSession(session, limits));
  return server;
}

/** Does for a connection of HTTP/2 what node:http does by itself for those of HTTP/1.1. */
function limitSession(session: ServerHttp2Session, limits: HttpLimits): void {
  let openStreams = 0;
  session.on("stream", (stream) => {
    openStreams++;
    stream.once("close", () => {
      openStreams--;
    });
    if (!stream.endAfterHeaders) limitBody(stream, limits);
  });
  session.setTimeout(limits.idleTimeoutMs);
  session.on("timeout", () => {
    if (openStreams === 0) session.close();
    else session.setTimeout(limits.idleTimeoutMs);
  });
}

function limitBody(stream: ServerHttp2Stream, { requestTimeoutMs }: HttpLimits): void {
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), requestTimeoutMs);
  for (const event of ["end", "close"]) stream.once(event, () => clearTimeout(timer));
}

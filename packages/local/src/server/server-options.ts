import type { Logger } from "@vectron/core";
import type { TlsOptions } from "@vectron/node";
import type { StorageOptions } from "../storage/storage-options.ts";

/** A certificate for servers, and its private key: PEM text, or its bytes. */
export interface ServerTls {
  /** The server's certificate, with the intermediate ones after it. */
  readonly cert: string | Uint8Array;
  /** The private key of `cert`. */
  readonly key: string | Uint8Array;
}

/** Options of `startServer`. */
export interface StartServerOptions extends StorageOptions {
  /** The address to listen on: an IP address or a host name. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** The port of the gRPC side; 0, the default, takes a free one. */
  readonly grpcPort?: number | undefined;
  /**
   * The port of the HTTP side, which speaks the HTTP/JSON API of a stock gateway,
   * Connect and gRPC-Web; 0 takes a free one. Default: there is no HTTP side.
   */
  readonly httpPort?: number | undefined;
  /** Secures both sides with TLS; browsers then use HTTP/2. Default: clear text. */
  readonly tls?: ServerTls | undefined;
  /** The token that every call has to bear. Default: none is asked for. */
  readonly apiKey?: string | undefined;
  /**
   * The secret, of at least 32 bytes, with which the tokens of callers are signed:
   * JSON Web Tokens (HS256, HS384 or HS512), as a cluster's auth service issues
   * them. Rates are then limited by user. Excludes `apiKey`. Default: none is
   * asked for.
   */
  readonly jwtSecret?: string | undefined;
  /**
   * Whether a server without `apiKey` or `jwtSecret` may listen on an address that other
   * machines can reach. Default false.
   */
  readonly allowUnauthenticated?: boolean | undefined;
  /** Calls per second, counted in fixed windows of one second; those beyond are refused. Default: no limit. */
  readonly rateLimit?: number | undefined;
  /** Whether to answer with every oddity of a stock server, for testing clients against them. Default false. */
  readonly strictParity?: boolean | undefined;
  /**
   * The address of a gateway's gRPC side, such as `gateway:8081`, to make the
   * server a bridge to it: each call is passed on with the caller's own token and
   * headers, which the gateway is left to check, and no engine is opened. Needs
   * `@vectron/node`. Default: an engine of its own answers.
   */
  readonly upstream?: string | undefined;
  /** Secures the connection to `upstream` with TLS: `true`, or how. Default false. */
  readonly upstreamTls?: boolean | TlsOptions | undefined;
  /**
   * The largest request and the largest reply, in bytes as they are sent: over
   * HTTP/JSON those of the text. Default 268,435,456, as on a stock server.
   */
  readonly maxMessageBytes?: number | undefined;
  /**
   * How long a client may take to send a request, in milliseconds; the headers of HTTP/1.1 have 20 seconds of it at
   * most. Default 300,000: enough for 256 MiB at 8 Mbit/s.
   */
  readonly requestTimeoutMs?: number | undefined;
  /** How long a gRPC connection may be silent before the server pings it, in milliseconds. Default 30,000, as on a stock server. */
  readonly keepaliveTimeMs?: number | undefined;
  /** How long the answer to such a ping may take before the connection is closed, in milliseconds. Default 10,000. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /**
   * The least time between two pings of a gRPC client, in milliseconds; at the third that comes sooner the connection is
   * closed with `ENHANCE_YOUR_CALM` and "too_many_pings". gRPC calls it
   * `grpc.http2.min_ping_interval_without_data_ms`, or `MinTime`. Default 10,000, as on a stock server.
   */
  readonly minPingIntervalMs?: number | undefined;
  /** Whether gRPC clients may ping that often while they have no call; if not, every two hours. Default true. */
  readonly keepalivePermitWithoutCalls?: boolean | undefined;
  /**
   * Whether `GET /metrics` on the HTTP side answers with metrics in the text format of Prometheus, to whoever bears what
   * calls have to bear. Needs `httpPort` and `prom-client`. Default false.
   */
  readonly metrics?: boolean | undefined;
  /** Where a line goes for each call, and for the server's start and end. Default: nowhere. */
  readonly logger?: Logger | undefined;
  /** How long `close` waits for calls in flight before it cuts them off, in milliseconds. Default 10,000. */
  readonly drainTimeoutMs?: number | undefined;
}

/** A server that accepts calls. */
export interface VectronServer {
  /** The port of the gRPC side. */
  readonly grpcPort: number;
  /** Where the gRPC side listens, as clients take it: `127.0.0.1:8081`. */
  readonly grpcAddress: string;
  /** The port of the HTTP side, if there is one. */
  readonly httpPort: number | undefined;
  /** Where the HTTP side listens, as clients take it: `http://127.0.0.1:8080`. */
  readonly httpUrl: string | undefined;
  /**
   * Refuses new calls, waits for those in flight (no longer than
   * `drainTimeoutMs`) and frees the ports. Calling it again waits for the same end.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The server could not listen where it was told to. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  /** The operating system's name of the reason, such as `EADDRINUSE`, where it gave one. */
  readonly code: string | undefined;
  /** Where it was to listen. */
  readonly address: string;

  constructor(address: string, cause: Error & { readonly code?: string }) {
    super(`cannot listen on ${address}: ${cause.message}`, { cause });
    this.address = address;
    this.code = cause.code;
  }
}

import {
  invalidArgument,
  refuseUnknownKeys,
  requireBoolean,
  requireHeaders,
  requireInteger,
  requireObject,
} from "@vectron/core";
import { parseAddress, type ServerAddress } from "./address.ts";
import { chooseRoute, type ProxyRoute } from "./proxy.ts";
import { readTls, type TlsOptions, type TlsSettings } from "./tls.ts";

/** The options of the gRPC transport. An undefined one has its default. */
export interface GrpcTransportOptions {
  /**
   * Where the gateway is: `host`, `host:port`, an IPv4 or IPv6 address, `[ipv6]:port`,
   * `dns:///host:port`, or `unix:/path` for a socket file. No port means 8081.
   */
  readonly host: string;
  /** Secures connections with TLS: `true`, or how. Default false: clear text, as a stock gateway listens. */
  readonly tls?: boolean | TlsOptions | undefined;
  /**
   * An HTTP proxy to connect through, `http://user:password@proxy.example:3128`, or false for none.
   * Default: as the environment says (`grpc_proxy`, `https_proxy`, `http_proxy`, `no_proxy`), and none
   * for addresses of this machine.
   */
  readonly proxy?: string | false | undefined;
  /** How many connections to spread calls over. Each opens when it is first needed. 1 to 64, default 1. */
  readonly channels?: number | undefined;
  /** Compression of requests; servers answer in kind. Default `"none"`: vectors hardly shrink. */
  readonly compression?: "gzip" | "none" | undefined;
  /** Largest request in bytes. Default 268,435,456 (256 MiB), a stock gateway's limit. */
  readonly maxSendBytes?: number | undefined;
  /** Largest reply in bytes. Default 268,435,456 (256 MiB), a stock gateway's limit. */
  readonly maxReceiveBytes?: number | undefined;
  /**
   * How often a connection with a call under way is tested with a ping, in milliseconds. At least
   * 10,000, as a stock gateway drops clients that ping more often; Infinity for never. Default 30,000.
   */
  readonly keepaliveTimeMs?: number | undefined;
  /** How long a ping may stay unanswered before the connection counts as lost, in milliseconds. Default 10,000. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /** Whether a connection is tested while no call is under way, too. Default false. */
  readonly keepalivePermitWithoutCalls?: boolean | undefined;
  /** Put before `vectron-node/<version>` in the `user-agent` header, such as `my-service/1.2`. Default: nothing. */
  readonly userAgent?: string | undefined;
  /**
   * Headers to send with every call, none of which may be the client's own (`authorization`,
   * `user-agent`). A call's headers of the same name replace them. Default: none.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const OPTION_NAMES: Readonly<Record<keyof GrpcTransportOptions, true>> = {
  host: true,
  tls: true,
  proxy: true,
  channels: true,
  compression: true,
  maxSendBytes: true,
  maxReceiveBytes: true,
  keepaliveTimeMs: true,
  keepaliveTimeoutMs: true,
  keepalivePermitWithoutCalls: true,
  userAgent: true,
  headers: true,
};

/** The names of the transport's options. */
export const GRPC_TRANSPORT_OPTION_NAMES = Object.keys(
  OPTION_NAMES,
) as readonly (keyof GrpcTransportOptions)[];

/** The options, checked and complete. */
export interface TransportSettings {
  readonly address: ServerAddress;
  readonly tls: TlsSettings | undefined;
  readonly route: ProxyRoute;
  readonly channels: number;
  readonly gzip: boolean;
  readonly maxSendBytes: number;
  readonly maxReceiveBytes: number;
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly keepalivePermitWithoutCalls: boolean;
  readonly userAgent: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const STOCK_MESSAGE_BYTES = 256 * 1024 * 1024;
/** A gRPC message carries its length in 32 bits. */
const MAX_MESSAGE_BYTES = 2 ** 32 - 1;
const MAX_CHANNELS = 64;
/** The keepalive enforcement of a stock gateway. */
const MIN_KEEPALIVE_MS = 10_000;
/** The longest delay that timers support. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Checks the options and fills in every default.
 * @throws InvalidArgumentError naming the option that is wrong or unknown.
 */
export function resolveOptions(options: GrpcTransportOptions): TransportSettings {
  requireObject("options", options);
  refuseUnknownKeys("options", options, GRPC_TRANSPORT_OPTION_NAMES);
  const {
    channels = 1,
    compression = "none",
    maxSendBytes = STOCK_MESSAGE_BYTES,
    maxReceiveBytes = STOCK_MESSAGE_BYTES,
    keepaliveTimeMs = 30_000,
    keepaliveTimeoutMs = 10_000,
    keepalivePermitWithoutCalls = false,
    headers = {},
  } = options;
  const address = parseAddress(options.host);
  return {
    address,
    tls: readTls(options.tls),
    route: chooseRoute(options.proxy, address),
    channels: requireInteger("channels", channels, 1, MAX_CHANNELS),
    gzip: readCompression(compression) === "gzip",
    maxSendBytes: requireInteger("maxSendBytes", maxSendBytes, 1, MAX_MESSAGE_BYTES),
    maxReceiveBytes: requireInteger("maxReceiveBytes", maxReceiveBytes, 1, MAX_MESSAGE_BYTES),
    keepaliveTimeMs: readKeepaliveTime(keepaliveTimeMs),
    keepaliveTimeoutMs: requireInteger("keepaliveTimeoutMs", keepaliveTimeoutMs, 1, MAX_DELAY_MS),
    keepalivePermitWithoutCalls: requireBoolean("keepalivePermitWithoutCalls", keepalivePermitWithoutCalls),
    userAgent: readUserAgent(options.userAgent),
    headers: requireHeaders("headers", headers),
  };
}

function readCompression(value: "gzip" | "none"): "gzip" | "none" {
  if (value === "gzip" || value === "none") return value;
  throw invalidArgument("compression", value, '"gzip" or "none"');
}

function readKeepaliveTime(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  if (Number.isInteger(value) && value >= MIN_KEEPALIVE_MS && value <= MAX_DELAY_MS) return value;
  throw invalidArgument(
    "keepaliveTimeMs",
    value,
    `an integer of at least ${MIN_KEEPALIVE_MS}, since gateways drop clients that ping more often, or Infinity`,
  );
}

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

function readUserAgent(value: string | undefined): string | undefined {
  if (value === undefined || (typeof value === "string" && PRINTABLE_ASCII.test(value))) return value;
  throw invalidArgument("userAgent", value, "a non-empty string of printable ASCII characters");
}

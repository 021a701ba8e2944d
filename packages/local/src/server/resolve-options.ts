import { isIPv4 } from "node:net";
import { InvalidArgumentError, type Logger } from "@vectron/core";
import { guardedLogger } from "../service/guarded-logger.ts";
import { checkStorageOptions, type StorageOptions } from "../storage/storage-options.ts";
import type { StartServerOptions } from "./server-options.ts";
import { readTls, type TlsIdentity } from "./tls-identity.ts";

/** The gateway behind a bridge. Its address and its TLS are checked by what connects to it. */
export interface UpstreamOptions {
  readonly host: string;
  readonly tls: StartServerOptions["upstreamTls"];
}

export interface ResolvedServerOptions {
  /** Where the engine keeps its collections. */
  readonly storage: StorageOptions;
  readonly host: string;
  readonly grpcPort: number;
  /** Undefined: there is no HTTP side. */
  readonly httpPort: number | undefined;
  /** Undefined: clear text. */
  readonly tls: TlsIdentity | undefined;
  readonly apiKey: string | undefined;
  readonly jwtSecret: string | undefined;
  readonly rateLimit: number | undefined;
  readonly strictParity: boolean;
  /** Undefined: the server answers from an engine of its own. */
  readonly upstream: UpstreamOptions | undefined;
  readonly maxMessageBytes: number;
  readonly requestTimeoutMs: number;
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly minPingIntervalMs: number;
  readonly keepalivePermitWithoutCalls: boolean;
  readonly metrics: boolean;
  readonly logger: Logger;
  readonly drainTimeoutMs: number;
}

const MAX_INT32 = 2 ** 31 - 1;
const PORT_RANGE = [0, 65_535] as const;

const OPTION_NAMES: Readonly<Record<keyof StartServerOptions, true>> = {
  path: true,
  durability: true,
  host: true,
  grpcPort: true,
  httpPort: true,
  tls: true,
  apiKey: true,
  jwtSecret: true,
  allowUnauthenticated: true,
  rateLimit: true,
  strictParity: true,
  upstream: true,
  upstreamTls: true,
  maxMessageBytes: true,
  requestTimeoutMs: true,
  keepaliveTimeMs: true,
  keepaliveTimeoutMs: true,
  minPingIntervalMs: true,
  keepalivePermitWithoutCalls: true,
  metrics: true,
  logger: true,
  drainTimeoutMs: true,
};

/**
 * Checks the options and fills in every default.
 *
 * @throws InvalidArgumentError for an option that is wrong or not known, for
 * those that do not go together, and for an open address without authentication
 */
export function resolveServerOptions(options: StartServerOptions): ResolvedServerOptions {
  refuseUnknown(options);
  const storage = { path: options.path, durability: options.durability };
  checkStorageOptions(storage);
  const resolved: ResolvedServerOptions = {
    storage,
    host: text("host", options.host) ?? "127.0.0.1",
    grpcPort: integer("grpcPort", options.grpcPort, PORT_RANGE) ?? 0,
    httpPort: integer("httpPort", options.httpPort, PORT_RANGE),
    tls: readTls(options.tls),
    apiKey: text("apiKey", options.apiKey),
    jwtSecret: readJwtSecret(options),
    rateLimit: integer("rateLimit", options.rateLimit, [1, MAX_INT32]),
    strictParity: flag("strictParity", options.strictParity) ?? false,
    upstream: readUpstream(options),
    maxMessageBytes: integer("maxMessageBytes", options.maxMessageBytes, [1, MAX_INT32]) ?? 256 * 1024 * 1024,
    requestTimeoutMs: duration("requestTimeoutMs", options.requestTimeoutMs) ?? 300_000,
    keepaliveTimeMs: duration("keepaliveTimeMs", options.keepaliveTimeMs) ?? 30_000,
    keepaliveTimeoutMs: duration("keepaliveTimeoutMs", options.keepaliveTimeoutMs) ?? 10_000,
    minPingIntervalMs: integer("minPingIntervalMs", options.minPingIntervalMs, [0, MAX_INT32]) ?? 10_000,
    keepalivePermitWithoutCalls:
      flag("keepalivePermitWithoutCalls", options.keepalivePermitWithoutCalls) ?? true,
    metrics: readMetrics(options),
    logger: readLogger(options),
    drainTimeoutMs: integer("drainTimeoutMs", options.drainTimeoutMs, [0, MAX_INT32]) ?? 10_000,
  };
  if (resolved.upstream !== undefined) refuseWithUpstream(resolved);
  const allowed = flag("allowUnauthenticated", options.allowUnauthenticated) ?? false;
  if (!allowed) refuseOpen(resolved);
  return resolved;
}

function readMetrics({ metrics, httpPort }: StartServerOptions): boolean {
  if (flag("metrics", metrics) !== true) return false;
  if (httpPort !== undefined) return true;
  throw new InvalidArgumentError("metrics are served over HTTP: set httpPort too");
}

const SILENT: Logger = {};

function readLogger({ logger = SILENT }: StartServerOptions): Logger {
  if (typeof logger === "object" && logger !== null) return guardedLogger(logger);
  throw new InvalidArgumentError(
    `logger must be an object with debug, info, warn and error, got ${String(logger)}`,
  );
}

const MIN_SECRET_BYTES = 32;

/** The length is what a stock auth service demands. */
function readJwtSecret({ jwtSecret, apiKey }: StartServerOptions): string | undefined {
  if (jwtSecret === undefined) return undefined;
  if (apiKey !== undefined) {
    throw new InvalidArgumentError("options have both apiKey and jwtSecret: callers bear one kind of token");
  }
  if (typeof jwtSecret === "string" && Buffer.byteLength(jwtSecret) >= MIN_SECRET_BYTES) return jwtSecret;
  throw new InvalidArgumentError(`jwtSecret must be a string of at least ${MIN_SECRET_BYTES} bytes`);
}

function readUpstream({ upstream, upstreamTls }: StartServerOptions): UpstreamOptions | undefined {
  const host = text("upstream", upstream);
  if (host !== undefined) return { host, tls: upstreamTls };
  if (upstreamTls === undefined) return undefined;
  throw new InvalidArgumentError("upstreamTls needs upstream");
}

/** What the gateway behind a bridge does itself, and would do otherwise. */
function refuseWithUpstream({ apiKey, jwtSecret, strictParity, storage }: ResolvedServerOptions): void {
  if (apiKey !== undefined || jwtSecret !== undefined) {
    const name = apiKey === undefined ? "jwtSecret" : "apiKey";
    throw new InvalidArgumentError(`with upstream, the gateway there checks the tokens: leave ${name} out`);
  }
  if (strictParity) {
    throw new InvalidArgumentError("strictParity is about the embedded engine: leave it out with upstream");
  }
  if (storage.path !== undefined) {
    throw new InvalidArgumentError(
      "path is where the embedded engine keeps its data: leave it out with upstream",
    );
  }
}

/** A server that anyone can reach and that asks nobody who they are is too easily made by mistake. */
function refuseOpen({ host, apiKey, jwtSecret, upstream }: ResolvedServerOptions): void {
  if (apiKey !== undefined || jwtSecret !== undefined || upstream !== undefined || isLoopback(host)) return;
  throw new InvalidArgumentError(
    `host "${host}" can be reached by other machines and no apiKey is set: ` +
      "set one, or a jwtSecret, or say allowUnauthenticated: true",
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

function refuseUnknown(options: StartServerOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidArgumentError(`options must be an object, got ${String(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(OPTION_NAMES, name)) continue;
    throw new InvalidArgumentError(
      `options has no property "${name}"; it has ${Object.keys(OPTION_NAMES).join(", ")}`,
    );
  }
}

function text(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  // Header values and host names hold no white space at their ends and no control characters.
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return value;
  throw new InvalidArgumentError(`${name} must be a string of printable ASCII characters without spaces`);
}

function flag(name: string, value: boolean | undefined): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  throw new InvalidArgumentError(`${name} must be true or false, got ${String(value)}`);
}

function duration(name: string, value: number | undefined) {
  return integer(name, value, [1, MAX_INT32]);
}

function integer(name: string, value: number | undefined, [least, most]: readonly [number, number]) {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw new InvalidArgumentError(`${name} must be an integer from ${least} to ${most}, got ${String(value)}`);
}

import { isIPv4 } from "node:net";
import { InvalidArgumentError } from "@vectron/core";
import type { StartServerOptions } from "./server-options.ts";

export interface ResolvedServerOptions {
  readonly host: string;
  readonly grpcPort: number;
  readonly apiKey: string | undefined;
  readonly rateLimit: number | undefined;
  readonly strictParity: boolean;
  readonly maxMessageBytes: number;
  readonly drainTimeoutMs: number;
}

const MAX_INT32 = 2 ** 31 - 1;

const OPTION_NAMES: Readonly<Record<keyof StartServerOptions, true>> = {
  host: true,
  grpcPort: true,
  apiKey: true,
  allowUnauthenticated: true,
  rateLimit: true,
  strictParity: true,
  maxMessageBytes: true,
  drainTimeoutMs: true,
};

/**
 * Checks the options and fills in every default.
 *
 * @throws InvalidArgumentError for an option that is wrong or not known, and for
 * an open address without authentication
 */
export function resolveServerOptions(options: StartServerOptions): ResolvedServerOptions {
  refuseUnknown(options);
  const resolved: ResolvedServerOptions = {
    host: text("host", options.host) ?? "127.0.0.1",
    grpcPort: integer("grpcPort", options.grpcPort, [0, 65_535]) ?? 0,
    apiKey: text("apiKey", options.apiKey),
    rateLimit: integer("rateLimit", options.rateLimit, [1, MAX_INT32]),
    strictParity: flag("strictParity", options.strictParity) ?? false,
    maxMessageBytes: integer("maxMessageBytes", options.maxMessageBytes, [1, MAX_INT32]) ?? 256 * 1024 * 1024,
    drainTimeoutMs: integer("drainTimeoutMs", options.drainTimeoutMs, [0, MAX_INT32]) ?? 10_000,
  };
  const allowed = flag("allowUnauthenticated", options.allowUnauthenticated) ?? false;
  if (!allowed) refuseOpen(resolved);
  return resolved;
}

/** A server that anyone can reach and that asks nobody who they are is too easily made by mistake. */
function refuseOpen({ host, apiKey }: ResolvedServerOptions): void {
  if (apiKey !== undefined || isLoopback(host)) return;
  throw new InvalidArgumentError(
    `host "${host}" can be reached by other machines and no apiKey is set: ` +
      "set one, or say allowUnauthenticated: true",
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

function integer(name: string, value: number | undefined, [least, most]: readonly [number, number]) {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw new InvalidArgumentError(`${name} must be an integer from ${least} to ${most}, got ${String(value)}`);
}

import { isIPv4, isIPv6 } from "node:net";
import { invalidArgument } from "@vectron/core";

/** The gateway's gRPC port, used when an address names none. */
const DEFAULT_PORT = 8081;

/** Where a server listens, in the forms that the parts of this package need. */
export interface ServerAddress {
  /** For grpc-js, scheme and port included: `dns:localhost:8081`, `unix:/run/vectron.sock`. */
  readonly target: string;
  /** For people and for the `:authority` header: `localhost:8081`, `[::1]:8081`; of a socket file, its path. */
  readonly endpoint: string;
  readonly kind: "dns" | "ipv4" | "ipv6" | "unix";
  /** Whether calls to it never leave this machine. */
  readonly loopback: boolean;
}

const EXPECTED =
  'an address such as "localhost", "10.0.0.5:8081", "[::1]:8081", "dns:///vectron.example:8081" or "unix:/run/vectron.sock"';

// Letters, digits, hyphens and underscores between dots; a last label of digits would be a malformed IPv4 address.
const HOST_NAME =
  /^(?=.{1,254}$)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*(?![0-9]+\.?$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?$/i;
const PORT = /^[0-9]{1,5}$/;
const URL_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Reads an option that is an address.
 * @param name - the option's name
 * @throws InvalidArgumentError naming the value, when it is no address.
 */
export function parseAddress(host: unknown, name = "host"): ServerAddress {
  if (typeof host !== "string") throw invalidArgument(name, host, EXPECTED);
  if (host.startsWith("unix:")) return unixAddress(host, name);
  const text = host.replace(/^dns:(?:\/\/\/)?/, "");
  if (URL_SCHEME.test(text)) {
    throw invalidArgument(name, host, `${EXPECTED}, without a URL scheme (for TLS set the option tls)`);
  }
  const parts = splitHostPort(text);
  const kind = parts && hostKind(parts.host);
  if (parts === undefined || kind === undefined) throw invalidArgument(name, host, EXPECTED);
  const endpoint = `${kind === "ipv6" ? `[${parts.host}]` : parts.host}:${parts.port}`;
  return { target: `dns:${endpoint}`, endpoint, kind, loopback: isLoopback(parts.host) };
}

function unixAddress(host: string, name: string): ServerAddress {
  const path = host.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
  if (path === "" || path.startsWith("//")) throw invalidArgument(name, host, EXPECTED);
  return { target: `unix:${path}`, endpoint: path, kind: "unix", loopback: true };
}

function splitHostPort(text: string): { host: string; port: number } | undefined {
  if (isIPv6(text)) return { host: text, port: DEFAULT_PORT };
  const [, bracketed, plain, portText] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (bracketed !== undefined && !isIPv6(bracketed))) return undefined;
  const port = portText === undefined ? DEFAULT_PORT : parsePort(portText);
  return port === undefined ? undefined : { host, port };
}

function parsePort(text: string): number | undefined {
  const port = Number(text);
  return PORT.test(text) && port >= 1 && port <= 65_535 ? port : undefined;
}

function hostKind(host: string): "dns" | "ipv4" | "ipv6" | undefined {
  if (isIPv4(host)) return "ipv4";
  if (isIPv6(host)) return "ipv6";
  return HOST_NAME.test(host) ? "dns" : undefined;
}

// The unspecified addresses lead to this machine too: that is how operating systems connect to them.
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|(?:::ffff:)?127\.[0-9.]+|::1|::|0\.0\.0\.0)$/i;

/** Whether a host name or IP address stands for this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

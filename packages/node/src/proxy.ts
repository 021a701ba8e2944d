import { InvalidArgumentError } from "@vectron/core";
import { isLoopback, type ServerAddress } from "./address.ts";

/** An HTTP proxy that opens tunnels with `CONNECT`. */
export interface Proxy {
  /** `proxy.example:3128`. */
  readonly endpoint: string;
  /** `user:password` for Basic authentication. */
  readonly credentials: string | undefined;
  readonly loopback: boolean;
}

/**
 * How connections are to be made: straight, through a proxy, or as the
 * environment says (`grpc_proxy`, `https_proxy`, `http_proxy`, `no_proxy`).
 */
export type ProxyRoute = Proxy | "environment" | "none";

/**
 * Reads the `proxy` option. Without one the environment decides, except for
 * this machine's own addresses, which no proxy can reach on its behalf.
 * @throws InvalidArgumentError when it is no proxy, or when the address cannot be reached through one.
 */
export function chooseRoute(option: string | false | undefined, address: ServerAddress): ProxyRoute {
  if (option === false) return "none";
  if (option === undefined) return address.loopback ? "none" : "environment";
  const proxy = parseProxy(option);
  // grpc-js writes an IPv6 address into the CONNECT request without its brackets, which proxies refuse.
  if (address.kind === "unix" || address.kind === "ipv6") {
    throw new InvalidArgumentError(
      `proxy must not be set for the host ${address.endpoint}: a proxy is asked for a host name or an IPv4 address`,
    );
  }
  return proxy;
}

// The value is never shown: it may hold a password.
const EXPECTED =
  "proxy must be false or an http:// URL without a path, such as http://user:password@proxy.example:3128";

function parseProxy(option: unknown): Proxy {
  const url = typeof option === "string" ? parseUrl(option) : undefined;
  if (url === undefined || url.protocol !== "http:" || url.pathname !== "/" || url.search + url.hash !== "") {
    throw new InvalidArgumentError(EXPECTED);
  }
  const credentials = url.username === "" ? undefined : decodeCredentials(url);
  // A URL leaves out its scheme's own port.
  const endpoint = `${url.hostname}:${url.port || "80"}`;
  return { endpoint, credentials, loopback: isLoopback(url.hostname.replace(/[[\]]/g, "")) };
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function decodeCredentials(url: URL): string {
  try {
    return decodeURIComponent(`${url.username}:${url.password}`);
  } catch {
    throw new InvalidArgumentError(EXPECTED);
  }
}

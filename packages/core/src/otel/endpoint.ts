/** Where a transport's calls go, as telemetry names it. */
export interface ServerAddress {
  /** Host name, IP address without brackets, or path of a socket. */
  readonly address: string;
  /** Undefined where the endpoint names none. */
  readonly port: number | undefined;
}

const ENDPOINT = /^(?:[a-z][a-z0-9+.-]*:\/{2,3})?(?:\[([^\]]+)\]|([^/:]+))(?::(\d+))?(?:\/|$)/i;

/** Reads a transport's `endpoint`: `host:port`, `[::1]:port`, a URL, or the path of a socket. */
export function readEndpoint(endpoint: string): ServerAddress {
  const [, ipv6, host, port] = ENDPOINT.exec(endpoint) ?? [];
  return { address: ipv6 ?? host ?? endpoint, port: port === undefined ? undefined : Number(port) };
}

import type { AuthClient, CallOptions, ClientOptions, VectronClient } from "@vectron/core";
import { AuthClient as NodeAuthClient, VectronClient as NodeClient } from "@vectron/node";
import { AuthClient as WebAuthClient, VectronClient as WebClient } from "@vectron/web";

/** The transports that the matrix covers, with what they are in the product. */
export const TRANSPORTS = {
  grpc: "`@vectron/node`, gRPC",
  json: "`@vectron/web`, HTTP/JSON",
  connect: "`@vectron/web`, Connect",
} as const;

export type TransportName = keyof typeof TRANSPORTS;

export const allTransports = Object.keys(TRANSPORTS) as readonly TransportName[];

/** Where a server is, or seems to be. */
export interface Location {
  /** `host:port`. */
  readonly address: string;
  /** Whether the client expects TLS there. Default false. */
  readonly tls?: boolean | undefined;
}

/** The clients of both services, at one location. */
export interface Clients {
  readonly vectron: VectronClient;
  readonly auth: AuthClient;
  close(): Promise<void>;
}

/** Options that the clients of every transport share. */
export type SharedOptions = Omit<ClientOptions, "expectedDimension">;

/** What the calls of a cell are made with. */
export type Options = CallOptions;

/** Makes clients; nothing is sent. */
export function openClients(transport: TransportName, location: Location, options: SharedOptions): Clients {
  const { vectron, auth } =
    transport === "grpc" ? overGrpc(location, options) : overFetch(transport, location, options);
  return {
    vectron,
    auth,
    async close() {
      await Promise.all([vectron.close(), auth.close()]);
    },
  };
}

function overGrpc({ address, tls = false }: Location, options: SharedOptions) {
  const own = { host: address, tls, ...options };
  return { vectron: new NodeClient(own), auth: new NodeAuthClient(own) };
}

function overFetch(protocol: "json" | "connect", { address, tls }: Location, options: SharedOptions) {
  const own = { baseUrl: `${tls ? "https" : "http"}://${address}`, ...options };
  return {
    vectron: new WebClient({ ...own, protocol, ...(protocol === "json" && { streamFallback: true }) }),
    auth: new WebAuthClient(own),
  };
}

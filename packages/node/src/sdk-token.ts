import {
  type SdkTokenCallOptions,
  type SdkTokenSource,
  sdkTokenProvider,
  splitSdkTokenOptions,
  type TokenProvider,
} from "@vectron/core";
import { parseAddress } from "./address.ts";
import { createGrpcTransport } from "./create-grpc-transport.ts";
import { GRPC_TRANSPORT_OPTION_NAMES, type GrpcTransportOptions } from "./transport-options.ts";

/** Where the auth service is, and how to connect to it. */
interface AuthServiceOptions extends Omit<GrpcTransportOptions, "host"> {
  /** The address of the auth service, as `host` of a client; no port means 8081. */
  readonly authHost: string;
}

/** The options of `sdkToken`: the auth service, and whose tokens to get from it. */
export type SdkTokenOptions = AuthServiceOptions & SdkTokenCallOptions & SdkTokenSource;

const OWN_OPTION_NAMES = [
  "authHost",
  ...GRPC_TRANSPORT_OPTION_NAMES.filter((name) => name !== "host"),
] as const;

/**
 * A token provider that gets its tokens from a cluster's auth service over gRPC,
 * renews them in time, and begins anew when a gateway refuses one. It connects
 * for each token and closes the connection again, so it needs no closing itself.
 * Clients may share one.
 *
 * @example
 * const client = new VectronClient({
 *   host: "gateway.example.com",
 *   auth: sdkToken({ authHost: "auth.example.com", tls: true, login: { email, password }, apiKeyPrefix }),
 * });
 *
 * @throws InvalidArgumentError for an option that is wrong or missing; it never shows a credential
 */
export function sdkToken(options: SdkTokenOptions): TokenProvider {
  const { source, calls, own } = splitSdkTokenOptions<AuthServiceOptions>(options, OWN_OPTION_NAMES);
  const { authHost, ...transport } = own;
  parseAddress(authHost, "authHost");
  return sdkTokenProvider({
    source,
    calls,
    openTransport: () => createGrpcTransport({ ...transport, host: authHost }),
  });
}

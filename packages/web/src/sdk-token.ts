import {
  type SdkTokenCallOptions,
  type SdkTokenSource,
  sdkTokenProvider,
  splitSdkTokenOptions,
  type TokenProvider,
} from "@vectron/core";
import { parseBaseUrl } from "./http/base-url.ts";
import {
  AUTH_TRANSPORT_OPTION_NAMES,
  type AuthTransportOptions,
  createAuthTransport,
} from "./json/auth-transport.ts";
import { webRuntime } from "./web-runtime.ts";

/** Where the auth service is, and how to reach it. */
interface AuthServiceOptions extends Omit<AuthTransportOptions, "baseUrl"> {
  /** The URL of the auth service, as `baseUrl` of a client. */
  readonly authBaseUrl: string;
}

/** The options of `sdkToken`: the auth service, and whose tokens to get from it. */
export type SdkTokenOptions = AuthServiceOptions & SdkTokenCallOptions & SdkTokenSource;

/**
 * A token provider that gets its tokens from a cluster's auth service over HTTP,
 * renews them in time, and begins anew when a gateway refuses one. It holds
 * nothing open. Clients may share one; callers share its token and never wait for
 * each other's promises, so that in an edge worker a request may end at any time.
 *
 * A page shows whatever it holds to its user: give it a token of that user, and
 * keep an application's own password or key on a server.
 *
 * @example
 * const client = new VectronClient({
 *   baseUrl: "https://gateway.example.com",
 *   auth: sdkToken({ authBaseUrl: "https://auth.example.com", login: { email, password }, apiKeyPrefix }),
 * });
 *
 * @throws InvalidArgumentError for an option that is wrong or missing; it never shows a credential
 */
export function sdkToken(options: SdkTokenOptions): TokenProvider {
  const names = AUTH_TRANSPORT_OPTION_NAMES.filter((name) => name !== "baseUrl");
  const { source, calls, own } = splitSdkTokenOptions<AuthServiceOptions>(options, ["authBaseUrl", ...names]);
  const { authBaseUrl, ...transport } = own;
  parseBaseUrl(authBaseUrl, "authBaseUrl");
  return sdkTokenProvider({
    source,
    calls,
    openTransport: () => createAuthTransport({ ...transport, baseUrl: authBaseUrl }),
    runtime: webRuntime,
  });
}

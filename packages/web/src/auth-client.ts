import {
  AuthClient as CoreAuthClient,
  type AuthClientOptions as CoreAuthClientOptions,
  splitClientOptions,
} from "@vectron/core";
import {
  AUTH_TRANSPORT_OPTION_NAMES,
  type AuthTransportOptions,
  createAuthTransport,
} from "./json/auth-transport.ts";
import { webRuntime } from "./web-runtime.ts";

/** The options of every client of the auth service, and those of the transport beside them. */
export interface AuthClientOptions extends CoreAuthClientOptions, AuthTransportOptions {}

/**
 * A client of a cluster's auth service over its HTTP/JSON API: accounts, API
 * keys, tokens. `baseUrl` is the auth service, which is another server than the
 * gateway. Creating one sends nothing.
 *
 * @example
 * const auth = new AuthClient({ baseUrl: "https://auth.example.com" });
 * const { token } = await auth.login({ email: "me@example.com", password });
 * const { keyPrefix } = await auth.createApiKey("search service", { token });
 * await auth.close();
 */
export class AuthClient extends CoreAuthClient {
  /** @throws InvalidArgumentError naming the option that is wrong or unknown */
  constructor(options: AuthClientOptions) {
    const { client, own } = splitClientOptions(options, AUTH_TRANSPORT_OPTION_NAMES);
    super(createAuthTransport(own), client, webRuntime);
  }
}

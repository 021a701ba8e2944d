import {
  AuthClient as CoreAuthClient,
  type AuthClientOptions as CoreAuthClientOptions,
  splitClientOptions,
} from "@vectron/core";
import { createGrpcTransport } from "./create-grpc-transport.ts";
import { withDiagnostics } from "./diagnostics.ts";
import { GRPC_TRANSPORT_OPTION_NAMES, type GrpcTransportOptions } from "./transport-options.ts";

/** The options of every client of the auth service, and those of the gRPC transport beside them. */
export interface AuthClientOptions extends CoreAuthClientOptions, GrpcTransportOptions {}

/**
 * A client of a cluster's auth service over gRPC: accounts, API keys, tokens.
 * `host` is the auth service, which is another server than the gateway. Creating
 * one opens no connection; an idle one does not keep the program running.
 *
 * @example
 * const auth = new AuthClient({ host: "auth.example.com:10008" });
 * const { token } = await auth.login({ email: "me@example.com", password });
 * const { keyPrefix } = await auth.createApiKey("search service", { token });
 * await auth.close();
 */
export class AuthClient extends CoreAuthClient {
  /** @throws InvalidArgumentError naming the option that is wrong or unknown. */
  constructor(options: AuthClientOptions) {
    const { client, own } = splitClientOptions(options, GRPC_TRANSPORT_OPTION_NAMES);
    super(createGrpcTransport(own), withDiagnostics(client));
  }
}

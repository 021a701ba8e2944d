import type { Transport } from "@vectron/core";
import { authJsonClientCodec, authRouteOf } from "@vectron/core/wire";
import { HTTP_TRANSPORT_OPTION_NAMES } from "../options/http-options.ts";
import type { JsonApi } from "./json-api.ts";
import { type JsonTransportOptions, resolveJsonOptions } from "./json-options.ts";
import { JsonTransport } from "./json-transport.ts";

/** The options of the transport to an auth service, which speaks HTTP/JSON and has no streams. */
export type AuthTransportOptions = Omit<JsonTransportOptions, "streamFallback">;

/** The names of the options of the transport to an auth service. */
export const AUTH_TRANSPORT_OPTION_NAMES = [...HTTP_TRANSPORT_OPTION_NAMES, "sendTimeoutHeader"] as const;

const AUTH: JsonApi = { codecOf: authJsonClientCodec, routeOf: authRouteOf };

/**
 * A transport to an auth service. Creating it sends nothing.
 *
 * @throws InvalidArgumentError naming the option that is wrong or unknown
 */
export function createAuthTransport(options: AuthTransportOptions): Transport {
  return new JsonTransport(AUTH, resolveJsonOptions(options));
}

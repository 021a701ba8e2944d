import type { Transport } from "@vectron/core";
import { vectronJsonClientCodec, vectronRouteOf } from "@vectron/core/wire";
import type { JsonApi } from "./json-api.ts";
import { type JsonTransportOptions, resolveJsonOptions } from "./json-options.ts";
import { JsonTransport } from "./json-transport.ts";

const VECTRON: JsonApi = { codecOf: vectronJsonClientCodec, routeOf: vectronRouteOf };

/**
 * A transport that speaks the HTTP/JSON API of a stock gateway. Creating it
 * sends nothing.
 *
 * @throws InvalidArgumentError naming the option that is wrong or unknown
 */
export function createJsonTransport(options: JsonTransportOptions): Transport {
  return new JsonTransport(VECTRON, resolveJsonOptions(options));
}

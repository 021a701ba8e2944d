import type { Transport } from "@vectron/core";
import { type HttpTransportOptions, resolveHttpOptions } from "../options/http-options.ts";
import { openGrpcWebTransport } from "./open-grpc-web-transport.ts";

/**
 * A transport that speaks gRPC-Web, streams included, to a server or proxy that
 * does; a stock gateway does not. Creating it sends nothing.
 *
 * @throws InvalidArgumentError naming the option that is wrong or unknown
 */
export function createGrpcWebTransport(options: HttpTransportOptions): Transport {
  return openGrpcWebTransport(resolveHttpOptions(options));
}

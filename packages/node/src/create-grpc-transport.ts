import type { Transport } from "@vectron/core";
import { binaryClientCodec } from "@vectron/core/wire";
import { GrpcTransport } from "./grpc-transport.ts";
import { type GrpcTransportOptions, resolveOptions } from "./transport-options.ts";

/**
 * A transport that speaks gRPC over HTTP/2, on grpc-js. Creating it opens no
 * connection; each opens with the first call that needs it.
 *
 * @throws InvalidArgumentError naming the option that is wrong or unknown.
 */
export function createGrpcTransport(options: GrpcTransportOptions): Transport {
  return new GrpcTransport(resolveOptions(options), binaryClientCodec);
}

import { type ClientOptions, VectronClient as CoreVectronClient, splitClientOptions } from "@vectron/core";
import { createGrpcTransport } from "./create-grpc-transport.ts";
import { withDiagnostics } from "./diagnostics.ts";
import { GRPC_TRANSPORT_OPTION_NAMES, type GrpcTransportOptions } from "./transport-options.ts";

/** The options of every client, and those of the gRPC transport beside them. */
export interface VectronClientOptions extends ClientOptions, GrpcTransportOptions {}

/**
 * A client of a Vectron gateway over gRPC. Creating one opens no connection; an
 * idle one does not keep the program running.
 *
 * @example
 * const client = new VectronClient({ host: "localhost:8081", apiKey: "..." });
 * try {
 *   await client.listCollections();
 * } finally {
 *   await client.close();
 * }
 */
export class VectronClient extends CoreVectronClient {
  /** @throws InvalidArgumentError naming the option that is wrong or unknown. */
  constructor(options: VectronClientOptions) {
    const { client, own } = splitClientOptions(options, GRPC_TRANSPORT_OPTION_NAMES);
    super(createGrpcTransport(own), withDiagnostics(client));
  }
}

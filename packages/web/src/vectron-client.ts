import { type ClientOptions, VectronClient as CoreVectronClient, splitClientOptions } from "@vectron/core";
import {
  createFetchTransport,
  FETCH_TRANSPORT_OPTION_NAMES,
  type FetchTransportOptions,
} from "./create-fetch-transport.ts";
import { webRuntime } from "./web-runtime.ts";

/** The options of every client, and those of the transport beside them. */
export interface VectronClientOptions extends ClientOptions, FetchTransportOptions {}

/**
 * A client of a Vectron server over `fetch`. Creating one sends nothing.
 *
 * @example
 * const client = new VectronClient({ baseUrl: "https://vectors.example.com", apiKey: "..." });
 * try {
 *   await client.listCollections();
 * } finally {
 *   await client.close();
 * }
 */
export class VectronClient extends CoreVectronClient {
  /** @throws InvalidArgumentError naming the option that is wrong, unknown, or not one of the protocol */
  constructor(options: VectronClientOptions) {
    const { client, own } = splitClientOptions(options, FETCH_TRANSPORT_OPTION_NAMES);
    super(createFetchTransport(own), client, webRuntime);
  }
}

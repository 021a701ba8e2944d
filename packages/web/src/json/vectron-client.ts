import { type ClientOptions, VectronClient as CoreVectronClient, splitClientOptions } from "@vectron/core";
import { webRuntime } from "../web-runtime.ts";
import { createJsonTransport } from "./create-json-transport.ts";
import { JSON_TRANSPORT_OPTION_NAMES, type JsonTransportOptions } from "./json-options.ts";

/** The options of every client, and those of the HTTP/JSON transport beside them. */
export interface VectronClientOptions extends ClientOptions, JsonTransportOptions {}

/** A client of a Vectron gateway over its HTTP/JSON API. Creating one sends nothing. */
export class VectronClient extends CoreVectronClient {
  /** @throws InvalidArgumentError naming the option that is wrong or unknown */
  constructor(options: VectronClientOptions) {
    const { client, own } = splitClientOptions(options, JSON_TRANSPORT_OPTION_NAMES);
    super(createJsonTransport(own), client, webRuntime);
  }
}

import { type ClientOptions, VectronClient as CoreVectronClient, splitClientOptions } from "@vectron/core";
import { HTTP_TRANSPORT_OPTION_NAMES, type HttpTransportOptions } from "../options/http-options.ts";
import { webRuntime } from "../web-runtime.ts";
import { createConnectTransport } from "./create-connect-transport.ts";

/** The options of every client, and those of the transport beside them. */
export interface VectronClientOptions extends ClientOptions, HttpTransportOptions {}

/** A client of a Vectron server over the Connect protocol. Creating one sends nothing. */
export class VectronClient extends CoreVectronClient {
  /** @throws InvalidArgumentError naming the option that is wrong or unknown */
  constructor(options: VectronClientOptions) {
    const { client, own } = splitClientOptions(options, HTTP_TRANSPORT_OPTION_NAMES);
    super(createConnectTransport(own), client, webRuntime);
  }
}

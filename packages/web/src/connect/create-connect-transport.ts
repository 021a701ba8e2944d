import type { Transport } from "@vectron/core";
import { type HttpTransportOptions, resolveHttpOptions } from "../options/http-options.ts";
import { openConnectTransport } from "./open-connect-transport.ts";

/**
 * A transport that speaks the Connect protocol, streams included, to a server
 * that does; a stock gateway does not. Creating it sends nothing.
 *
 * @throws InvalidArgumentError naming the option that is wrong or unknown
 */
export function createConnectTransport(options: HttpTransportOptions): Transport {
  return openConnectTransport(resolveHttpOptions(options));
}

import { requireObject, requireOneOf, type Transport } from "@vectron/core";
import { httpCapabilities } from "./http/capabilities.ts";
import { createJsonTransport } from "./json/create-json-transport.ts";
import { JSON_TRANSPORT_OPTION_NAMES, type JsonTransportOptions } from "./json/json-options.ts";
import { LazyTransport } from "./lazy-transport.ts";
import { type HttpSettings, resolveHttpOptions } from "./options/http-options.ts";

/** A protocol that a server may speak: a stock gateway speaks `json`. */
export type Protocol = "json" | "grpc-web" | "connect";

/** The options of the transport of any protocol. */
export interface FetchTransportOptions extends JsonTransportOptions {
  /**
   * What to speak to the server. Default `"json"`, which needs no proxy. The
   * others stream, and take less to encode; their code is loaded by the first call.
   */
  readonly protocol?: Protocol | undefined;
}

/** The names of the options of the transport of any protocol. */
export const FETCH_TRANSPORT_OPTION_NAMES = [...JSON_TRANSPORT_OPTION_NAMES, "protocol"] as const;

const LOADERS = {
  "grpc-web": async (settings: HttpSettings) =>
    (await import("./grpc-web/open-grpc-web-transport.ts")).openGrpcWebTransport(settings),
  connect: async (settings: HttpSettings) =>
    (await import("./connect/open-connect-transport.ts")).openConnectTransport(settings),
};

/**
 * The transport of the protocol that the options name. Creating it sends nothing
 * and loads nothing.
 *
 * @throws InvalidArgumentError naming the option that is wrong, unknown, or not one of the protocol
 */
export function createFetchTransport(options: FetchTransportOptions): Transport {
  const { protocol = "json", ...own } = requireObject("options", options);
  requireOneOf("protocol", protocol, ["json", "grpc-web", "connect"]);
  if (protocol === "json") return createJsonTransport(own);
  const settings = resolveHttpOptions(own);
  return new LazyTransport(httpCapabilities(protocol, settings, true), () => LOADERS[protocol](settings));
}

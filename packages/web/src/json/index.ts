export type { FetchFunction } from "../options/http-options.ts";
export { createJsonTransport } from "./create-json-transport.ts";
export type { JsonTransportOptions } from "./json-options.ts";
export { VectronClient, type VectronClientOptions } from "./vectron-client.ts";

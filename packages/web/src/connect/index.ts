export type { FetchFunction, HttpTransportOptions } from "../options/http-options.ts";
export { createConnectTransport } from "./create-connect-transport.ts";
export { VectronClient, type VectronClientOptions } from "./vectron-client.ts";

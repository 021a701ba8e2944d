export type { FetchFunction, HttpTransportOptions } from "../options/http-options.ts";
export { createGrpcWebTransport } from "./create-grpc-web-transport.ts";
export { VectronClient, type VectronClientOptions } from "./vectron-client.ts";

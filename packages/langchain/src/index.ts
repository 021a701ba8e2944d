export type { DocumentMetadata } from "./metadata-codec.ts";
export { VectronVectorStore } from "./vectron-vector-store.ts";
export type { AddOptions, DeleteParams, VectronVectorStoreOptions } from "./vectron-vector-store-options.ts";

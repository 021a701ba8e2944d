import type { BulkOptions, Distance, PayloadCodec, StandardSchema, VectronClient } from "@vectron/core";
import type { DocumentMetadata } from "./metadata-codec.ts";

/** Options of a `VectronVectorStore`. */
export interface VectronVectorStoreOptions<M = DocumentMetadata> {
  /** The client of any package: node, web or local. Whoever made it closes it. */
  readonly client: VectronClient;
  /** The collection's name. */
  readonly collection: string;
  /**
   * The collection's distance. Default: that of the collection that is there; one
   * that the store creates gets `"cosine"`.
   */
  readonly distance?: Distance | undefined;
  /** The payload field for a document's text. Default `"content"`. */
  readonly contentKey?: string | undefined;
  /**
   * A Standard Schema (zod, valibot, arktype) of the metadata: it is validated and
   * typed on its way in and out. Excludes `codec`. Default: any JSON by name.
   */
  readonly schema?: StandardSchema<M> | undefined;
  /** How metadata is written and read, for what no schema can say. Excludes `schema`. */
  readonly codec?: PayloadCodec<M> | undefined;
}

/** Options of `addDocuments` and `addVectors`: those of a bulk load, and the ids. */
export interface AddOptions extends BulkOptions {
  /** One id for each document. Default: the documents' own, and random UUIDs for those that have none. */
  readonly ids?: readonly string[] | undefined;
}

/** What `delete` is to remove. */
export interface DeleteParams {
  /** Ids of the documents. Those that are not there are no error. */
  readonly ids: readonly string[];
}

import type { Callbacks } from "@langchain/core/callbacks/manager";
import { Document, type DocumentInterface } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { maximalMarginalRelevance } from "@langchain/core/utils/math";
import { type MaxMarginalRelevanceSearchOptions, VectorStore } from "@langchain/core/vectorstores";
import { InvalidArgumentError, invalidArgument, type SearchResult } from "@vectron/core";
import type { StoredDocument } from "./document-codec.ts";
import type { DocumentMetadata } from "./metadata-codec.ts";
import { StoreTarget } from "./store-target.ts";
import type { AddOptions, DeleteParams, VectronVectorStoreOptions } from "./vectron-vector-store-options.ts";

const DEFAULT_K = 4;
const DEFAULT_FETCH_K = 20;
const DEFAULT_LAMBDA = 0.5;

/**
 * Documents in a Vectron collection, for LangChain.js. The collection is created
 * when the first document is added, unless it is there.
 *
 * Scores are similarities, as LangChain expects: higher is nearer. Cosine gives the
 * cosine, dot the inner product, and euclidean 1 / (1 + squared distance).
 *
 * Failures are the errors of `@vectron/core`.
 *
 * @example
 * const store = new VectronVectorStore(embeddings, { client, collection: "docs" });
 * await store.addDocuments([{ pageContent: "A cat is an animal.", metadata: { page: 1 } }]);
 * await store.similaritySearch("pets", 3);
 */
export class VectronVectorStore<M extends DocumentMetadata = DocumentMetadata> extends VectorStore {
  /** Vectron has no filters: passing one is an error of types, and an `InvalidArgumentError`. */
  declare FilterType: never;
  readonly #target: StoreTarget<M>;

  /**
   * Does no I/O.
   *
   * @throws InvalidArgumentError for an option that is wrong
   */
  constructor(embeddings: EmbeddingsInterface, options: VectronVectorStoreOptions<M>) {
    super(embeddings, options);
    this.#target = new StoreTarget(options);
  }

  /** Makes a store and adds the texts; the first creates the collection, unless it is there. */
  static override async fromTexts<M extends DocumentMetadata = DocumentMetadata>(
    texts: string[],
    metadatas: M[] | M,
    embeddings: EmbeddingsInterface,
    options: VectronVectorStoreOptions<M>,
  ): Promise<VectronVectorStore<M>> {
    if (Array.isArray(metadatas) && metadatas.length !== texts.length) {
      throw new InvalidArgumentError(`got ${texts.length} texts and ${metadatas.length} metadatas for them`);
    }
    const documents = texts.map(
      (pageContent, index) =>
        new Document({ pageContent, metadata: Array.isArray(metadatas) ? metadatas[index] : metadatas }),
    );
    return VectronVectorStore.fromDocuments(documents as Document<M>[], embeddings, options);
  }

  /** Makes a store and adds the documents; the first creates the collection, unless it is there. */
  static override async fromDocuments<M extends DocumentMetadata = DocumentMetadata>(
    documents: DocumentInterface<M>[],
    embeddings: EmbeddingsInterface,
    options: VectronVectorStoreOptions<M>,
  ): Promise<VectronVectorStore<M>> {
    const store = new VectronVectorStore(embeddings, options);
    await store.addDocuments(documents);
    return store;
  }

  /**
   * Makes a store of a collection that is there.
   *
   * @throws NotFoundError when it is not there
   * @throws InvalidArgumentError when it has another distance than the options say
   */
  static async fromExistingCollection<M extends DocumentMetadata = DocumentMetadata>(
    embeddings: EmbeddingsInterface,
    options: VectronVectorStoreOptions<M>,
  ): Promise<VectronVectorStore<M>> {
    const store = new VectronVectorStore(embeddings, options);
    await store.#target.readExisting();
    return store;
  }

  override _vectorstoreType(): string {
    return "vectron";
  }

  /** Embeds documents and adds them; returns their ids. */
  override async addDocuments(documents: DocumentInterface<M>[], options?: AddOptions): Promise<string[]> {
    if (documents.length === 0) return [];
    const vectors = await this.embeddings.embedDocuments(documents.map(({ pageContent }) => pageContent));
    return this.addVectors(vectors, documents, options);
  }

  /**
   * Adds documents with these vectors, replacing those of the same id, in as many
   * requests as it takes; returns their ids.
   *
   * @throws BulkUpsertError when not all were written; its report tells which were
   * @throws AlreadyExistsError when the collection has another dimension or distance
   * @throws CancelledError when `options.signal` was aborted before the collection was there
   */
  override async addVectors(
    vectors: number[][],
    documents: DocumentInterface<M>[],
    options: AddOptions = {},
  ): Promise<string[]> {
    const { ids: given, ...bulk } = options;
    requireLength("vectors", vectors, documents);
    if (given !== undefined) requireLength("ids", given, documents);
    const [first] = vectors;
    if (first === undefined) return [];
    const ids = documents.map(({ id }, index) => given?.[index] ?? id ?? globalThis.crypto.randomUUID());
    const { signal, timeoutMs, headers, retry } = bulk;
    await this.#target.ensureCreated(first.length, { signal, timeoutMs, headers, retry });
    const points = documents.map(({ pageContent, metadata }, index) => ({
      id: ids[index] as string,
      vector: vectors[index] as number[],
      payload: { pageContent, metadata },
    }));
    await this.#target.documents.bulkUpsert(points, bulk);
    return ids;
  }

  /**
   * Deletes documents by id. Ids that are not there are no error.
   *
   * @throws InvalidArgumentError without `ids`: Vectron cannot delete by anything else
   */
  override async delete(params: DeleteParams): Promise<void> {
    if (!Array.isArray(params?.ids)) {
      throw invalidArgument("params.ids", params?.ids, "an array of ids: Vectron deletes by nothing else");
    }
    await this.#target.documents.deleteMany(params.ids);
  }

  /** The documents nearest to a vector and their similarities, the highest first. */
  override async similaritySearchVectorWithScore(
    query: number[],
    k: number,
    filter?: this["FilterType"],
  ): Promise<[Document<M>, number][]> {
    refuseFilter(filter);
    const toSimilarity = await this.#target.similarityOf();
    const results = await this.#target.documents.search({ vector: query, topK: k });
    return results.map((result) => [toDocument(result), toSimilarity(result.score)]);
  }

  /** The documents nearest to a text and their similarities, the highest first. */
  override async similaritySearchWithScore(
    query: string,
    k: number = DEFAULT_K,
    filter?: this["FilterType"],
    _callbacks?: Callbacks,
  ): Promise<[Document<M>, number][]> {
    return this.similaritySearchVectorWithScore(await this.embeddings.embedQuery(query), k, filter);
  }

  /** The documents nearest to a text, the nearest first. */
  override async similaritySearch(
    query: string,
    k: number = DEFAULT_K,
    filter?: this["FilterType"],
    _callbacks?: Callbacks,
  ): Promise<Document<M>[]> {
    const found = await this.similaritySearchWithScore(query, k, filter);
    return found.map(([document]) => document);
  }

  /**
   * Documents that are near to a text and unlike each other: `k` of the `fetchK`
   * (default 20) nearest. `lambda` is from 0, most diverse, to 1, nearest; default 0.5.
   */
  override async maxMarginalRelevanceSearch(
    query: string,
    options: MaxMarginalRelevanceSearchOptions<this["FilterType"]>,
    _callbacks?: Callbacks,
  ): Promise<Document<M>[]> {
    const { k, fetchK = DEFAULT_FETCH_K, lambda = DEFAULT_LAMBDA, filter } = options;
    refuseFilter(filter);
    const vector = await this.embeddings.embedQuery(query);
    const results = await this.#target.documents.search({
      vector,
      topK: Math.max(k, fetchK),
      includeVectors: true,
    });
    const vectors = results.map((result) => Array.from(result.vector ?? []));
    const chosen = maximalMarginalRelevance(vector, vectors, lambda, k);
    return chosen.map((index) => toDocument(results[index] as SearchResult<StoredDocument<M>>));
  }
}

function toDocument<M extends DocumentMetadata>({
  id,
  payload,
}: SearchResult<StoredDocument<M>>): Document<M> {
  const { pageContent, metadata } = payload as StoredDocument<M>;
  return new Document({ id, pageContent, metadata });
}

function refuseFilter(filter: unknown): void {
  if (filter === undefined) return;
  throw new InvalidArgumentError(
    "Vectron has no filters: search for more (k) and filter what comes back, or keep what is searched apart in collections of its own",
  );
}

function requireLength(argument: string, list: readonly unknown[], documents: readonly unknown[]): void {
  if (list.length === documents.length) return;
  throw new InvalidArgumentError(
    `${argument} must be as many as the documents, ${documents.length}, got ${list.length}`,
  );
}

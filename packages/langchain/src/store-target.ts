import {
  type Collection,
  type Distance,
  InvalidArgumentError,
  invalidArgument,
  NotFoundError,
  type PayloadCodec,
  schemaPayload,
  similarity,
  type VectronClient,
} from "@vectron/core";
import { documentCodec, type StoredDocument } from "./document-codec.ts";
import { type DocumentMetadata, jsonMetadata } from "./metadata-codec.ts";
import type { VectronVectorStoreOptions } from "./vectron-vector-store-options.ts";

const DISTANCES: readonly string[] = ["cosine", "euclidean", "dot"] satisfies Distance[];

/** What text embeddings are made for. */
const DEFAULT_DISTANCE = "cosine";

/** The collection behind a store: what it is like is found out once, when it is first needed. */
export class StoreTarget<M> {
  readonly documents: Collection<StoredDocument<M>>;
  readonly #client: VectronClient;
  readonly #givenDistance: Distance | undefined;
  #distance: Promise<Distance> | undefined;
  #created: Promise<void> | undefined;

  constructor(options: VectronVectorStoreOptions<M>) {
    const { client, collection, distance, contentKey = "content" } = options;
    if (typeof client?.collection !== "function") {
      throw invalidArgument("options.client", client, "a VectronClient");
    }
    if (typeof contentKey !== "string" || contentKey === "") {
      throw invalidArgument("options.contentKey", contentKey, "the name of a payload field");
    }
    const codec = documentCodec(contentKey, resolveCodec(options));
    this.#client = client;
    this.#givenDistance = distance;
    this.documents = client.collection(collection, { codec, distance });
  }

  /** Creates the collection, or checks that it is the same; once, unless that failed. */
  ensureCreated(dimension: number): Promise<void> {
    this.#created ??= this.#ensure(dimension).catch((error: unknown) => {
      this.#created = undefined;
      throw error;
    });
    return this.#created;
  }

  /** Reads what the collection is like: it has to be there. */
  async readExisting(): Promise<void> {
    const status = await this.documents.status();
    const found = requireDistance(this.documents.name, status.distance);
    if (this.#givenDistance !== undefined && this.#givenDistance !== found) {
      throw new InvalidArgumentError(
        `options.distance is "${this.#givenDistance}", and that of collection '${status.name}' is "${found}"`,
      );
    }
    this.#distance = Promise.resolve(found);
    this.#created = Promise.resolve();
  }

  /** What turns the collection's scores into similarities: higher is nearer. */
  async similarityOf(): Promise<(score: number) => number> {
    const distance = await this.#resolveDistance();
    return (score) => similarity(distance, score);
  }

  #resolveDistance(): Promise<Distance> {
    if (this.#givenDistance !== undefined) return Promise.resolve(this.#givenDistance);
    this.#distance ??= this.documents
      .status()
      .then((status) => requireDistance(status.name, status.distance))
      .catch((error: unknown) => {
        this.#distance = undefined;
        throw error;
      });
    return this.#distance;
  }

  async #ensure(dimension: number): Promise<void> {
    const distance = this.#givenDistance ?? (await this.#distanceIfThere()) ?? DEFAULT_DISTANCE;
    await this.#client.ensureCollection({ name: this.documents.name, dimension, distance });
    this.#distance = Promise.resolve(distance);
  }

  async #distanceIfThere(): Promise<Distance | undefined> {
    try {
      return await this.#resolveDistance();
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}

function requireDistance(collection: string, distance: string): Distance {
  if (DISTANCES.includes(distance)) return distance as Distance;
  throw new InvalidArgumentError(
    `collection '${collection}' was created with the distance "${distance}", which this version does not know: set options.distance`,
  );
}

function resolveCodec<M>({ schema, codec }: VectronVectorStoreOptions<M>): PayloadCodec<M> {
  if (schema !== undefined && codec !== undefined) {
    throw new InvalidArgumentError("options have both schema and codec; metadata is written by one of them");
  }
  if (schema !== undefined) return schemaPayload(schema);
  // Without either, M is DocumentMetadata, its default.
  return codec ?? (jsonMetadata as PayloadCodec<DocumentMetadata> as PayloadCodec<M>);
}

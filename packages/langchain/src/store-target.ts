import {
  type CallOptions,
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

/**
 * The collection behind a store: what it is like is found out when it is first
 * needed, and kept. Callers never wait for each other's promises: in an edge
 * worker one that belongs to a request which has ended never settles.
 */
export class StoreTarget<M> {
  readonly documents: Collection<StoredDocument<M>>;
  readonly #client: VectronClient;
  readonly #givenDistance: Distance | undefined;
  #foundDistance: Distance | undefined;
  #isThere = false;

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

  /** Creates the collection, or checks that it is the same; not again when that has succeeded. */
  async ensureCreated(dimension: number, call: CallOptions): Promise<void> {
    if (this.#isThere) return;
    const distance = this.#givenDistance ?? (await this.#distanceIfThere(call)) ?? DEFAULT_DISTANCE;
    await this.#client.ensureCollection({ name: this.documents.name, dimension, distance }, call);
    this.#foundDistance = distance;
    this.#isThere = true;
  }

  /** Checks that the collection is there, and that its distance is the given one. */
  async readExisting(): Promise<void> {
    const { name, distance } = await this.documents.status();
    const given = this.#givenDistance;
    // One that this version does not know cannot be compared: whoever gives the distance says what it is.
    if (given === undefined) this.#foundDistance = requireDistance(name, distance);
    else if (given !== distance && DISTANCES.includes(distance)) {
      throw new InvalidArgumentError(
        `options.distance is "${given}", and that of collection '${name}' is "${distance}"`,
      );
    }
    this.#isThere = true;
  }

  /** What turns the collection's scores into similarities: higher is nearer. */
  async similarityOf(): Promise<(score: number) => number> {
    const distance = this.#givenDistance ?? this.#foundDistance ?? (await this.#readDistance());
    return (score) => similarity(distance, score);
  }

  async #distanceIfThere(call: CallOptions): Promise<Distance | undefined> {
    if (this.#foundDistance !== undefined) return this.#foundDistance;
    try {
      return await this.#readDistance(call);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  async #readDistance(call?: CallOptions): Promise<Distance> {
    const { name, distance } = await this.documents.status(call);
    this.#foundDistance = requireDistance(name, distance);
    return this.#foundDistance;
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

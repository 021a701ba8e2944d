import type { BulkOptions } from "../bulk/bulk-options.ts";
import type { BulkReport } from "../bulk/bulk-report.ts";
import type { BulkSource } from "../bulk/bulk-source.ts";
import { BulkWriter } from "../bulk/bulk-writer.ts";
import type { CallOptions } from "../call/call-options.ts";
import { loadCode } from "../call/load-code.ts";
import {
  MAX_INT32,
  refuseUnknownKeys,
  requireInteger,
  requireName,
  requireObject,
  requireOneOf,
} from "../data/checks.ts";
import { checkedCodec, type PayloadCodec, stringPayload } from "../data/payload-codec.ts";
import { schemaPayload } from "../data/schema-payload.ts";
import { similarity } from "../data/similarity.ts";
import type { StandardSchema } from "../data/standard-schema.ts";
import {
  type CollectionStatus,
  DISTANCES,
  type Distance,
  type Payload,
  type Point,
  type PointInput,
  type SearchQuery,
  type SearchResult,
} from "../data/types.ts";
import { InvalidArgumentError } from "../errors/error-classes.ts";
import { importCode } from "../runtime/import-code.ts";
import type { ClientContext, CollectionTarget } from "./client-context.ts";
import { importBulk, importCollections, importMany } from "./on-demand.ts";
import type { ReadyOptions } from "./operations/collections.ts";
import type { ManyOptions, Settled } from "./operations/many.ts";
import { deletePoint, get, upsert } from "./operations/points.ts";
import { search, searchStream } from "./operations/search.ts";

/** What a handle knows of its collection. Nothing here is sent to the server. */
export interface CollectionOptions<P> {
  /**
   * A Standard Schema (zod, valibot, arktype) of the payloads: they are validated
   * and typed on their way in and out. Excludes `codec`. Default: strings by name.
   */
  readonly schema?: StandardSchema<P> | undefined;
  /** How payloads of type `P` are written and read, for what no schema can say. Excludes `schema`. */
  readonly codec?: PayloadCodec<P> | undefined;
  /** How many components every vector must have. Default: the client's `expectedDimension`. */
  readonly dimension?: number | undefined;
  /** What `similarity` goes by. Default: unknown. */
  readonly distance?: Distance | undefined;
}

/** One collection of a client: the same calls without the name, payloads typed as `P`. */
export class Collection<P = Payload> {
  readonly name: string;
  readonly #target: CollectionTarget<P>;
  readonly #distance: Distance | undefined;

  /** Made by `VectronClient.collection`. */
  constructor(context: ClientContext, name: string, options: CollectionOptions<P> = {}) {
    requireObject("options", options);
    refuseUnknownKeys("options", options, ["schema", "codec", "dimension", "distance"]);
    const { dimension, distance } = options;
    this.name = requireName("collection", name);
    this.#distance =
      distance === undefined ? undefined : requireOneOf("options.distance", distance, DISTANCES);
    this.#target = {
      ...context,
      collection: name,
      codec: resolveCodec(options),
      expectedDimension:
        dimension === undefined
          ? context.expectedDimension
          : requireInteger("options.dimension", dimension, 1, MAX_INT32),
    };
  }

  /** See `VectronClient.upsert`. */
  upsert(points: readonly PointInput<P>[], options?: CallOptions): Promise<number> {
    return upsert(this.#target, points, options);
  }

  /** See `VectronClient.bulkUpsert`. */
  async bulkUpsert(source: BulkSource<P>, options?: BulkOptions): Promise<BulkReport> {
    const { bulkUpsert } = await importCode(importBulk);
    return bulkUpsert(this.#target, source, options);
  }

  /** See `VectronClient.bulkWriter`. */
  bulkWriter(options?: BulkOptions): BulkWriter<P> {
    return new BulkWriter(this.#target, options);
  }

  /** See `VectronClient.get`. */
  get(id: string, options?: CallOptions): Promise<Point<P>> {
    return get(this.#target, id, options);
  }

  /** See `VectronClient.delete`. */
  delete(id: string, options?: CallOptions): Promise<void> {
    return deletePoint(this.#target as CollectionTarget<unknown>, id, options);
  }

  /** See `VectronClient.search`. */
  search(query: SearchQuery, options?: CallOptions): Promise<SearchResult<P>[]> {
    return search(this.#target, query, options);
  }

  /** See `VectronClient.searchStream`. */
  searchStream(query: SearchQuery, options?: CallOptions): AsyncIterable<SearchResult<P>[]> {
    return searchStream(this.#target, query, options);
  }

  /** See `VectronClient.getMany`. */
  getMany(
    ids: readonly string[],
    options: ManyOptions & { settled: true },
  ): Promise<Settled<Point<P> | undefined>[]>;
  getMany(ids: readonly string[], options?: ManyOptions): Promise<(Point<P> | undefined)[]>;
  async getMany(ids: readonly string[], options?: ManyOptions): Promise<unknown> {
    const { getMany } = await loadCode(this.#target.runner, options, importMany);
    return getMany(this.#target, ids, options);
  }

  /** See `VectronClient.deleteMany`. */
  deleteMany(ids: readonly string[], options: ManyOptions & { settled: true }): Promise<Settled<void>[]>;
  deleteMany(ids: readonly string[], options?: ManyOptions): Promise<void>;
  async deleteMany(ids: readonly string[], options?: ManyOptions): Promise<unknown> {
    const { deleteMany } = await loadCode(this.#target.runner, options, importMany);
    return deleteMany(this.#target as CollectionTarget<unknown>, ids, options);
  }

  /** See `VectronClient.searchMany`. */
  searchMany(
    searches: readonly SearchQuery[],
    options: ManyOptions & { settled: true },
  ): Promise<Settled<SearchResult<P>[]>[]>;
  searchMany(searches: readonly SearchQuery[], options?: ManyOptions): Promise<SearchResult<P>[][]>;
  async searchMany(searches: readonly SearchQuery[], options?: ManyOptions): Promise<unknown> {
    const { searchMany } = await loadCode(this.#target.runner, options, importMany);
    return searchMany(this.#target, searches, options);
  }

  /** See `VectronClient.getCollectionStatus`. */
  async status(options?: CallOptions): Promise<CollectionStatus> {
    const { getCollectionStatus } = await loadCode(this.#target.runner, options, importCollections);
    return getCollectionStatus(this.#target, this.name, options);
  }

  /** See `VectronClient.waitUntilReady`. */
  async waitUntilReady(options?: ReadyOptions): Promise<CollectionStatus> {
    const { waitUntilReady } = await loadCode(this.#target.runner, options, importCollections);
    return waitUntilReady(this.#target, this.name, options);
  }

  /** Deletes the collection itself; see `VectronClient.deleteCollection`. */
  async drop(options?: CallOptions): Promise<void> {
    const { deleteCollection } = await loadCode(this.#target.runner, options, importCollections);
    return deleteCollection(this.#target, this.name, options);
  }

  /**
   * A score of this collection as a similarity, where higher is nearer; see the
   * function `similarity`.
   *
   * @throws InvalidArgumentError when the handle was not told the collection's `distance`
   */
  similarity(score: number): number {
    if (this.#distance === undefined) {
      throw new InvalidArgumentError(
        `the handle of collection '${this.name}' does not know its distance: pass it, as in collection(name, { distance: "cosine" })`,
      );
    }
    return similarity(this.#distance, score);
  }
}

function resolveCodec<P>({ schema, codec }: CollectionOptions<P>): PayloadCodec<P> {
  if (schema !== undefined && codec !== undefined) {
    throw new InvalidArgumentError("options have both schema and codec: give one of them");
  }
  if (schema !== undefined) return schemaPayload(schema);
  if (codec !== undefined) return checkedCodec(codec);
  // Without either, P is Payload, its default.
  return stringPayload as unknown as PayloadCodec<P>;
}

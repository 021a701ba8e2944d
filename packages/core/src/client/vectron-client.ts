import type { BulkOptions } from "../bulk/bulk-options.ts";
import type { BulkReport } from "../bulk/bulk-report.ts";
import type { BulkSource } from "../bulk/bulk-source.ts";
import { BulkWriter } from "../bulk/bulk-writer.ts";
import type { CallOptions } from "../call/call-options.ts";
import { CallRunner } from "../call/call-runner.ts";
import { loadCode } from "../call/load-code.ts";
import { stringPayload } from "../data/payload-codec.ts";
import type {
  CollectionConfig,
  CollectionStatus,
  Feedback,
  Payload,
  Plan,
  Point,
  PointInput,
  SearchQuery,
  SearchResult,
  UserProfile,
} from "../data/types.ts";
import { clearTextWarning } from "../observe/clear-text-warning.ts";
import { importCode } from "../runtime/import-code.ts";
import { type Runtime, systemRuntime } from "../runtime/runtime.ts";
import type { Transport } from "../transport/transport.ts";
import type { ClientContext, CollectionTarget } from "./client-context.ts";
import { type ClientOptions, resolveClientOptions } from "./client-options.ts";
import { Collection, type CollectionOptions } from "./collection.ts";
import { importAccount, importBulk, importCollections, importMany } from "./on-demand.ts";
import type { CreateCollectionOptions, ReadyOptions } from "./operations/collections.ts";
import type { ManyOptions, Settled } from "./operations/many.ts";
import { deletePoint, get, upsert } from "./operations/points.ts";
import { search, searchStream } from "./operations/search.ts";

/**
 * A client of one Vectron server or cluster. Safe for concurrent use. Every
 * method rejects with a `VectronError` of the class that fits, and with an
 * `InvalidArgumentError` before anything is sent when an argument is wrong.
 *
 * Each runtime's package has its own subclass, which makes the transport.
 */
export class VectronClient {
  readonly #context: ClientContext;

  /**
   * Does no I/O.
   *
   * @throws InvalidArgumentError for an option that is wrong or not known
   */
  constructor(transport: Transport, options: ClientOptions = {}, runtime: Runtime = systemRuntime) {
    const { policy, expectedDimension, logger } = resolveClientOptions(options, runtime);
    const warnings = policy.tokens.sendsToken
      ? clearTextWarning(transport.capabilities, "the token is", logger)
      : [];
    const watched = { ...policy, observers: [...policy.observers, ...warnings] };
    this.#context = { runner: new CallRunner(transport, runtime, watched), expectedDimension };
  }

  /**
   * Creates a collection and waits until it can be used.
   *
   * @throws AlreadyExistsError when a collection of that name exists
   * @throws DeadlineExceededError when it was created and is not ready after `readyTimeoutMs`
   */
  async createCollection(config: CollectionConfig, options?: CreateCollectionOptions): Promise<void> {
    const { createCollection } = await loadCode(this.#context.runner, options, importCollections);
    return createCollection(this.#context, config, options);
  }

  /**
   * Creates a collection, or checks that the one of that name has the same
   * dimension and distance; then waits until it can be used.
   *
   * @throws AlreadyExistsError when it exists with another dimension or distance
   */
  async ensureCollection(config: CollectionConfig, options?: ReadyOptions): Promise<CollectionStatus> {
    const { ensureCollection } = await loadCode(this.#context.runner, options, importCollections);
    return ensureCollection(this.#context, config, options);
  }

  /**
   * Removes a collection with all its points.
   *
   * @throws NotFoundError when there is none of that name
   */
  async deleteCollection(name: string, options?: CallOptions): Promise<void> {
    const { deleteCollection } = await loadCode(this.#context.runner, options, importCollections);
    return deleteCollection(this.#context, name, options);
  }

  /** The names of all collections, sorted. */
  async listCollections(options?: CallOptions): Promise<string[]> {
    const { listCollections } = await loadCode(this.#context.runner, options, importCollections);
    return listCollections(this.#context, options);
  }

  /**
   * A collection's dimension, distance and shards.
   *
   * @throws NotFoundError when there is none of that name
   */
  async getCollectionStatus(name: string, options?: CallOptions): Promise<CollectionStatus> {
    const { getCollectionStatus } = await loadCode(this.#context.runner, options, importCollections);
    return getCollectionStatus(this.#context, name, options);
  }

  /**
   * Waits until every shard of a collection can take writes, which a cluster
   * needs some seconds for.
   *
   * @throws DeadlineExceededError when it is not ready after `readyTimeoutMs`
   */
  async waitUntilReady(name: string, options?: ReadyOptions): Promise<CollectionStatus> {
    const { waitUntilReady } = await loadCode(this.#context.runner, options, importCollections);
    return waitUntilReady(this.#context, name, options);
  }

  /**
   * Writes points in one request, replacing those of the same id; returns how
   * many the server counted (a point that stands twice counts twice). `[]` sends
   * nothing and returns 0. The vectors are read until the call settles: do not
   * change them before.
   *
   * @throws InvalidArgumentError naming the point and the component that is wrong
   * @throws ResourceExhaustedError when the points are too large for one request; see `bulkUpsert`
   */
  upsert(collection: string, points: readonly PointInput[], options?: CallOptions): Promise<number> {
    return upsert(this.#target(collection), points, options);
  }

  /**
   * Writes every record of a source: gathered into requests within the transport's
   * limits, several at once, and as fast as the server bears. A record is copied
   * when it is taken, so a generator may yield one buffer again and again; no more
   * are taken than there is room for. Of records that share an id the last counts.
   *
   * A record that is too large, or that the server refuses, is found by halving
   * the request that holds it, and named in the report.
   *
   * @param source - an array, an iterable, an async iterable or a web `ReadableStream`; it is told when it is
   * left before its end
   * @throws BulkUpsertError when it stopped before the end, with a report and the checkpoint to go on from
   */
  async bulkUpsert(
    collection: string,
    source: BulkSource<Payload>,
    options?: BulkOptions,
  ): Promise<BulkReport> {
    const { bulkUpsert } = await importCode(importBulk);
    return bulkUpsert(this.#target(collection), source, options);
  }

  /**
   * The push form of `bulkUpsert`. To be closed, which sends the rest.
   *
   * @throws InvalidArgumentError for an option that is wrong or not known
   */
  bulkWriter(collection: string, options?: BulkOptions): BulkWriter<Payload> {
    return new BulkWriter(this.#target(collection), options);
  }

  /**
   * Reads one point.
   *
   * @throws NotFoundError when there is none of that id
   */
  get(collection: string, id: string, options?: CallOptions): Promise<Point> {
    return get(this.#target(collection), id, options);
  }

  /** Removes one point. Removing what is not there succeeds. */
  delete(collection: string, id: string, options?: CallOptions): Promise<void> {
    return deletePoint(this.#target(collection) as CollectionTarget<unknown>, id, options);
  }

  /** The nearest points, best first: ascending by score, then by id. */
  search(collection: string, query: SearchQuery, options?: CallOptions): Promise<SearchResult[]> {
    return search(this.#target(collection), query, options);
  }

  /**
   * The nearest points found so far, again and again; each list replaces the one
   * before, and the last is final. Leaving the loop cancels the search.
   */
  searchStream(collection: string, query: SearchQuery, options?: CallOptions): AsyncIterable<SearchResult[]> {
    return searchStream(this.#target(collection), query, options);
  }

  /** Reads many points, in the order of the ids; `undefined` for those that do not exist. */
  getMany(
    collection: string,
    ids: readonly string[],
    options: ManyOptions & { settled: true },
  ): Promise<Settled<Point | undefined>[]>;
  getMany(collection: string, ids: readonly string[], options?: ManyOptions): Promise<(Point | undefined)[]>;
  async getMany(collection: string, ids: readonly string[], options?: ManyOptions): Promise<unknown> {
    const { getMany } = await loadCode(this.#context.runner, options, importMany);
    return getMany(this.#target(collection), ids, options);
  }

  /** Removes many points, a bounded number at once. */
  deleteMany(
    collection: string,
    ids: readonly string[],
    options: ManyOptions & { settled: true },
  ): Promise<Settled<void>[]>;
  deleteMany(collection: string, ids: readonly string[], options?: ManyOptions): Promise<void>;
  async deleteMany(collection: string, ids: readonly string[], options?: ManyOptions): Promise<unknown> {
    const { deleteMany } = await loadCode(this.#context.runner, options, importMany);
    return deleteMany(this.#target(collection) as CollectionTarget<unknown>, ids, options);
  }

  /** Makes many searches, a bounded number at once; the results keep their order. */
  searchMany(
    collection: string,
    searches: readonly SearchQuery[],
    options: ManyOptions & { settled: true },
  ): Promise<Settled<SearchResult[]>[]>;
  searchMany(
    collection: string,
    searches: readonly SearchQuery[],
    options?: ManyOptions,
  ): Promise<SearchResult[][]>;
  async searchMany(
    collection: string,
    searches: readonly SearchQuery[],
    options?: ManyOptions,
  ): Promise<unknown> {
    const { searchMany } = await loadCode(this.#context.runner, options, importMany);
    return searchMany(this.#target(collection), searches, options);
  }

  /** Records how relevant the results of a search were; returns the feedback's id. */
  async submitFeedback(feedback: Feedback, options?: CallOptions): Promise<string> {
    const { submitFeedback } = await loadCode(this.#context.runner, options, importAccount);
    return submitFeedback(this.#context, feedback, options);
  }

  /** Changes the caller's own profile; returns it as it is now. */
  async updateUserProfile(profile: { readonly plan: Plan }, options?: CallOptions): Promise<UserProfile> {
    const { updateUserProfile } = await loadCode(this.#context.runner, options, importAccount);
    return updateUserProfile(this.#context, profile, options);
  }

  /**
   * A handle on one collection: the same calls without the name, payloads typed
   * as `P`. Sends nothing.
   */
  collection<P = Payload>(name: string, options?: CollectionOptions<P>): Collection<P> {
    return new Collection(this.#context, name, options);
  }

  /** Cancels the calls in flight and releases every resource; later calls reject with `CancelledError`. */
  close(): Promise<void> {
    return this.#context.runner.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #target(collection: string): CollectionTarget<Payload> {
    const { runner, expectedDimension } = this.#context;
    return { runner, expectedDimension, collection, codec: stringPayload };
  }
}

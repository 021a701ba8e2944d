import { pollPauseMs } from "../../call/back-off.ts";
import {
  type CallOptions,
  checkCallOptions,
  type ResponseInfo,
  requireTimeout,
} from "../../call/call-options.ts";
import { CallEnded } from "../../call/call-scope.ts";
import {
  MAX_INT32,
  refuseUnknownKeys,
  requireBoolean,
  requireInteger,
  requireName,
  requireObject,
  requireOneOf,
} from "../../data/checks.ts";
import { type CollectionConfig, type CollectionStatus, DISTANCES } from "../../data/types.ts";
import { AlreadyExistsError, CancelledError, DeadlineExceededError } from "../../errors/error-classes.ts";
import type { CreateCollectionRequest } from "../../gen/vectron/v1/messages.ts";
import { vectronService } from "../../gen/vectron/v1/methods.ts";
import type { ClientContext } from "../client-context.ts";
import { recoverCreate, recoverDelete, sameDistance } from "./recoveries.ts";

/** Options of the calls that wait for a collection's shards. */
export interface ReadyOptions extends CallOptions {
  /** How long the shards may take to become ready, in milliseconds. Default 60,000; a stock cluster needs 5 to 11 s. */
  readonly readyTimeoutMs?: number | undefined;
}

/** Options of `createCollection`. */
export interface CreateCollectionOptions extends ReadyOptions {
  /** Whether to wait until the collection can be used. Default true. */
  readonly waitUntilReady?: boolean | undefined;
}

const DEFAULT_READY_TIMEOUT_MS = 60_000;

/** Creates a collection and, unless told otherwise, waits until it can be used. */
export async function createCollection(
  context: ClientContext,
  config: CollectionConfig,
  options: CreateCollectionOptions = {},
): Promise<void> {
  const message = toCreateRequest(config);
  const { waitUntilReady: wait = true, ...ready } = requireObject("options", options);
  requireBoolean("options.waitUntilReady", wait);
  const { call } = splitReadyOptions(ready);
  await create(context, message, call);
  if (wait) await waitUntilReady(context, message.name, ready);
}

/** Creates a collection, or checks that the one of that name is the same; then waits until it can be used. */
export async function ensureCollection(
  context: ClientContext,
  config: CollectionConfig,
  options: ReadyOptions = {},
): Promise<CollectionStatus> {
  const message = toCreateRequest(config);
  const { call } = splitReadyOptions(options);
  try {
    await create(context, message, call);
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
    refuseOther(message, await getCollectionStatus(context, message.name, call), error);
  }
  return waitUntilReady(context, message.name, options);
}

/** Removes a collection with all its points. */
export async function deleteCollection(
  context: ClientContext,
  name: string,
  options: CallOptions = {},
): Promise<void> {
  const collection = requireName("name", name);
  checkCallOptions(options);
  await context.runner.unary(
    { method: vectronService.deleteCollection, collection, message: { name }, recover: recoverDelete(name) },
    options,
  );
}

/** The names of all collections, sorted by UTF-16 unit; a server lists them in no fixed order. */
export async function listCollections(context: ClientContext, options: CallOptions = {}): Promise<string[]> {
  checkCallOptions(options);
  const reply = await context.runner.unary({ method: vectronService.listCollections, message: {} }, options);
  return reply.collections.sort();
}

/** A collection's shape and the state of its shards. */
export async function getCollectionStatus(
  context: ClientContext,
  name: string,
  options: CallOptions = {},
): Promise<CollectionStatus> {
  const collection = requireName("name", name);
  checkCallOptions(options);
  const status = await context.runner.unary(
    { method: vectronService.getCollectionStatus, collection, message: { name } },
    options,
  );
  return { ...status, shards: status.shards.sort((a, b) => a.shardId - b.shardId) };
}

/** Waits until every shard of a collection can take writes. */
export async function waitUntilReady(
  context: ClientContext,
  name: string,
  options: ReadyOptions = {},
): Promise<CollectionStatus> {
  requireName("name", name);
  const { call, readyTimeoutMs } = splitReadyOptions(options);
  let latest: CollectionStatus | undefined;
  let requestId: string | undefined;
  const onResponse = (info: ResponseInfo) => {
    ({ requestId } = info);
    call.onResponse?.(info);
  };
  try {
    return await context.runner.within(readyTimeoutMs, call.signal, async (scope) => {
      for (let poll = 0; ; poll++) {
        latest = await getCollectionStatus(context, name, { ...call, onResponse, signal: scope.signal });
        if (isReady(latest)) return latest;
        await scope.sleep(pollPauseMs(poll));
      }
    });
  } catch (error) {
    if (error instanceof CallEnded)
      throw waitEnded(error, name, { latest, requestId, limit: limitOf(call, readyTimeoutMs) });
    throw error;
  }
}

function splitReadyOptions(options: ReadyOptions): { call: CallOptions; readyTimeoutMs: number } {
  const { readyTimeoutMs, ...call } = requireObject("options", options);
  checkCallOptions(call);
  return {
    call,
    readyTimeoutMs:
      readyTimeoutMs === undefined
        ? DEFAULT_READY_TIMEOUT_MS
        : requireTimeout("options.readyTimeoutMs", readyTimeoutMs),
  };
}

const CONFIG_KEYS = ["name", "dimension", "distance"];

function toCreateRequest(config: CollectionConfig): CreateCollectionRequest {
  requireObject("collection", config);
  refuseUnknownKeys("collection", config, CONFIG_KEYS);
  const { name, dimension, distance } = config;
  return {
    name: requireName("name", name),
    dimension: requireInteger("dimension", dimension, 1, MAX_INT32),
    distance: distance === undefined ? "euclidean" : requireOneOf("distance", distance, DISTANCES),
  };
}

async function create(
  context: ClientContext,
  message: CreateCollectionRequest,
  options: CallOptions,
): Promise<void> {
  await context.runner.unary(
    {
      method: vectronService.createCollection,
      collection: message.name,
      message,
      recover: recoverCreate(message),
      warningsOf: () =>
        context.runner.isRemote && message.distance === "dot"
          ? ['a stock Vectron server has no "dot": it ranks such a collection by squared L2']
          : [],
    },
    options,
  );
}

function refuseOther(
  wanted: CreateCollectionRequest,
  found: CollectionStatus,
  cause: AlreadyExistsError,
): void {
  if (found.dimension === wanted.dimension && sameDistance(found.distance, wanted.distance)) return;
  throw new AlreadyExistsError(
    `collection '${wanted.name}' exists with dimension ${found.dimension} and distance "${found.distance}", ` +
      `not with dimension ${wanted.dimension} and distance "${wanted.distance}"`,
    {
      method: "CreateCollection",
      collection: wanted.name,
      requestId: cause.requestId,
      attempts: cause.attempts,
      cause,
    },
  );
}

function isReady({ shards }: CollectionStatus): boolean {
  return shards.length > 0 && shards.every((shard) => shard.ready);
}

/** What has ended a wait that ran out of time. */
function limitOf({ signal }: CallOptions, readyTimeoutMs: number): string {
  return signal?.aborted ? "when the time of its signal was up" : `after ${readyTimeoutMs} ms`;
}

interface WaitState {
  readonly latest: CollectionStatus | undefined;
  /** Of the latest request that was answered. */
  readonly requestId: string | undefined;
  readonly limit: string;
}

function waitEnded(
  { end }: CallEnded,
  name: string,
  { latest, requestId, limit }: WaitState,
): DeadlineExceededError | CancelledError {
  const facts = { method: "GetCollectionStatus", collection: name, requestId, retryable: true };
  if (end.kind !== "deadline") {
    const who = end.kind === "closed" ? "the client was closed" : "its caller aborted it";
    const cause = end.kind === "aborted" ? end.reason : undefined;
    return new CancelledError(`the wait for collection '${name}' to become ready ended: ${who}`, {
      ...facts,
      cause,
    });
  }
  const shards = latest?.shards ?? [];
  const ready = shards.filter((shard) => shard.ready).length;
  const state =
    latest === undefined
      ? "its state could not be read"
      : `it exists, with ${ready} of ${shards.length} shards ready`;
  return new DeadlineExceededError(`collection '${name}' is not ready ${limit}: ${state}`, facts);
}

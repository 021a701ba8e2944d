import type { CallSpec } from "../../call/active-call.ts";
import { type CallOptions, checkCallOptions } from "../../call/call-options.ts";
import {
  MAX_INT32,
  refuseUnknownKeys,
  requireBoolean,
  requireInteger,
  requireName,
  requireObject,
  requireText,
} from "../../data/checks.ts";
import type { SearchQuery, SearchResult } from "../../data/types.ts";
import { toVector } from "../../data/vector.ts";
import { describeValue } from "../../errors/invalid-argument.ts";
import type {
  SearchRequest,
  SearchResponse,
  SearchResult as SearchResultMessage,
} from "../../gen/vectron/v1/messages.ts";
import { vectronService } from "../../gen/vectron/v1/methods.ts";
import type { MethodDescriptor } from "../../transport/method.ts";
import type { CollectionTarget } from "../client-context.ts";
import { recoverRouting } from "./recover-routing.ts";

const DEFAULT_TOP_K = 10;

/** How many results one shard of a stock server yields at most. */
const STOCK_RESULTS_PER_SHARD = 100;

/** The nearest points, best first. */
export async function search<P>(
  target: CollectionTarget<P>,
  query: SearchQuery,
  options: CallOptions = {},
): Promise<SearchResult<P>[]> {
  const prepared = prepareSearch(target, query);
  checkCallOptions(options);
  return runSearch(target, prepared, options);
}

/** A search that has been checked. */
export type PreparedSearch = CallSpec<SearchRequest, SearchResponse>;

/**
 * Checks a search.
 *
 * @param at - where the query is among the arguments, for errors: `searches[3].`
 */
export function prepareSearch<P>(target: CollectionTarget<P>, query: SearchQuery, at = ""): PreparedSearch {
  return searchSpec(target, vectronService.search, query, at);
}

/** Makes a search that has been checked. */
export async function runSearch<P>(
  target: CollectionTarget<P>,
  prepared: PreparedSearch,
  options: CallOptions,
): Promise<SearchResult<P>[]> {
  const { results } = await target.runner.unary(prepared, options);
  return toResults(target, prepared.message, results);
}

/** The nearest points found so far, again and again; each list replaces the one before. */
export async function* searchStream<P>(
  target: CollectionTarget<P>,
  query: SearchQuery,
  options: CallOptions = {},
): AsyncGenerator<SearchResult<P>[], void> {
  const spec = searchSpec(target, vectronService.searchStream, query, "");
  checkCallOptions(options);
  for await (const { results } of target.runner.stream(spec, options)) {
    yield await toResults(target, spec.message, results);
  }
}

function searchSpec<P>(
  target: CollectionTarget<P>,
  method: MethodDescriptor<SearchRequest, SearchResponse>,
  query: SearchQuery,
  at: string,
): PreparedSearch {
  const collection = requireName("collection", target.collection);
  const message = toSearchRequest(collection, query, target.expectedDimension, at);
  return {
    method,
    collection,
    message,
    recover: recoverRouting(collection),
    warningsOf: ({ results }) => searchWarnings(message, results, target.runner.isRemote),
  };
}

const QUERY_KEYS = ["vector", "topK", "includePayload", "includeVectors", "query", "workerTimeoutMs"];

function toSearchRequest(
  collection: string,
  query: SearchQuery,
  dimension: number | undefined,
  at: string,
): SearchRequest {
  const whole = at === "" ? "search" : at.slice(0, -1);
  requireObject(whole, query);
  refuseUnknownKeys(whole, query, QUERY_KEYS);
  const { vector, topK, includePayload, includeVectors, query: text, workerTimeoutMs } = query;
  return {
    collection,
    vector: toVector(`${at}vector`, vector, dimension),
    topK: topK === undefined ? DEFAULT_TOP_K : requireInteger(`${at}topK`, topK, 1, MAX_INT32),
    query: text === undefined ? "" : requireText(`${at}query`, text),
    timeoutMs:
      workerTimeoutMs === undefined
        ? 0
        : requireInteger(`${at}workerTimeoutMs`, workerTimeoutMs, 1, MAX_INT32),
    includeVectors:
      includeVectors === undefined ? false : requireBoolean(`${at}includeVectors`, includeVectors),
    includeMetadata:
      includePayload === undefined ? true : requireBoolean(`${at}includePayload`, includePayload),
  };
}

function searchWarnings(
  { topK, timeoutMs }: SearchRequest,
  { length }: SearchResultMessage[],
  isRemote: boolean,
): string[] {
  const warnings: string[] = [];
  if (timeoutMs > 0) {
    warnings.push(
      `results may be partial: workerTimeoutMs (${timeoutMs}) lets the server leave out workers that were slow`,
    );
  }
  if (isRemote && length > 0 && length < topK && length % STOCK_RESULTS_PER_SHARD === 0) {
    warnings.push(
      `got ${length} results for topK ${topK}: a stock server yields at most ${STOCK_RESULTS_PER_SHARD} per shard, so there may be more`,
    );
  }
  return warnings;
}

async function toResults<P>(
  target: CollectionTarget<P>,
  { includeMetadata, includeVectors }: SearchRequest,
  messages: readonly SearchResultMessage[],
): Promise<SearchResult<P>[]> {
  const results: SearchResult<P>[] = [];
  for (const { id, score, payload, vector } of messages) {
    const result: { id: string; score: number; payload?: P; vector?: Float32Array } = { id, score };
    if (includeMetadata) {
      const decoded = target.codec.decode(`the payload of point ${describeValue(id)}`, payload);
      result.payload = decoded instanceof Promise ? await decoded : decoded;
    }
    if (includeVectors) result.vector = vector;
    results.push(result);
  }
  return results;
}

import type { AbortSignalLike } from "@vectron/core";
import type { SearchRequest, SearchResult } from "@vectron/core/wire";
import type { Collection, SearchOptions } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import type { Hit } from "../engine/point.ts";
import { checkNoVectorsInStream, checkSearch, checkSearchDimension, checkSearchFinite } from "./checks.ts";
import type { VectronHandlers } from "./handlers.ts";
import { existing } from "./point-handlers.ts";

/** What 0, the absent `top_k`, stands for. */
export const DEFAULT_TOP_K = 10;

/** Finds the hits of a request that has been checked. */
type Find = (collection: Collection, request: SearchRequest, options: SearchOptions) => Promise<Hit[]>;

const byIndex: Find = (collection, request, options) => collection.search(request.vector, options);
const exactly: Find = (collection, request, options) => collection.searchExact(request.vector, options);

/**
 * The two searches. `query` is for a reranker and there is none here; `timeout_ms`
 * lets slow workers be left out of the answer, and an answer here is always whole.
 */
export function searchHandlers(engine: Engine): Pick<VectronHandlers, "search" | "searchStream"> {
  return {
    async search(request, { signal }) {
      const collection = checked(engine, request);
      checkSearchFinite(request.vector);
      return { results: await results(collection, { request, find: byIndex, signal }) };
    },

    async *searchStream(request, { signal }) {
      const collection = checked(engine, request);
      checkNoVectorsInStream(request.includeVectors);
      checkSearchFinite(request.vector);
      // The first snapshot is the final one: one engine answers for all points.
      yield { results: await results(collection, { request, find: byIndex, signal }) };
    },
  };
}

/** Search without approximation, for callers in the same process: no call of the wire stands for it. */
export function exactSearchHandler(engine: Engine): VectronHandlers["search"] {
  return async (request, { signal }) => {
    const collection = checked(engine, request);
    checkSearchFinite(request.vector);
    return { results: await results(collection, { request, find: exactly, signal }) };
  };
}

/** The collection that a request is about, once all of it has been checked that a stock server checks. */
function checked(engine: Engine, request: SearchRequest): Collection {
  checkSearch(request);
  const collection = existing(engine, request.collection);
  checkSearchDimension(request.vector, collection.spec.dimension);
  return collection;
}

interface Search {
  readonly request: SearchRequest;
  readonly find: Find;
  readonly signal: AbortSignalLike;
}

async function results(collection: Collection, { request, find, signal }: Search): Promise<SearchResult[]> {
  const { includeMetadata, includeVectors } = request;
  const topK = request.topK === 0 ? DEFAULT_TOP_K : request.topK;
  const hits = await find(collection, request, { topK, includeVectors, signal });
  return hits.map((hit) => toSearchResult(hit, includeMetadata));
}

/** A hit as a message; what was not asked for is empty. */
export function toSearchResult({ id, score, payload, vector }: Hit, includeMetadata: boolean): SearchResult {
  return { id, score, payload: includeMetadata ? payload : {}, vector: vector ?? new Float32Array(0) };
}

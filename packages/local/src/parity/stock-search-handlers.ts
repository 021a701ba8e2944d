import type { SearchRequest, SearchResult } from "@vectron/core/wire";
import type { Collection } from "../engine/collection.ts";
import { type Hit, isEmptyPayload } from "../engine/point.ts";
import { checkNoVectorsInStream, checkSearch, checkSearchDimension } from "../service/checks.ts";
import type { CallContext, VectronHandlers } from "../service/handlers.ts";
import { toSearchResult } from "../service/search-handlers.ts";
import type { StockCluster, StockCollection } from "./stock-collections.ts";
import { deadlineNotSet, noWorkers, searchNotReady, searchUnassigned } from "./stock-failures.ts";
import { stockSearch } from "./stock-search.ts";

export function stockSearchHandlers(cluster: StockCluster): Pick<VectronHandlers, "search" | "searchStream"> {
  const { engine, options, collections } = cluster;

  function checked(request: SearchRequest): Collection {
    checkSearch(request);
    const collection = engine.collection(request.collection);
    if (collection === undefined) throw noWorkers(request.collection);
    checkSearchDimension(request.vector, collection.spec.dimension);
    return collection;
  }

  function hits(collection: Collection, request: SearchRequest): Hit[] {
    const state = collections.of(request.collection);
    requireShards(state, request.timeoutMs);
    return stockSearch(collection, state.lag, request, options.seed);
  }

  return {
    search(request, context) {
      const found = hits(checked(request), request);
      requireDeadline(request, found, context);
      return { results: found.map((hit) => toSearchResult(hit, request.includeMetadata)) };
    },

    async *searchStream(request) {
      const collection = checked(request);
      checkNoVectorsInStream(request.includeVectors);
      yield { results: hits(collection, request).map(withPayload) };
    },
  };
}

/** A stream carries payloads, whatever was asked for. */
function withPayload(hit: Hit): SearchResult {
  return toSearchResult(hit, true);
}

function requireShards({ readiness }: StockCollection, timeoutMs: number): void {
  const { phase } = readiness;
  if (phase === "unassigned") throw searchUnassigned(timeoutMs);
  if (phase === "electing") throw searchNotReady(timeoutMs);
}

/** Vectors, and payloads that are empty in the index, are read point by point, and that needs a deadline. */
function requireDeadline(request: SearchRequest, hits: readonly Hit[], { deadline }: CallContext): void {
  if (deadline !== Number.POSITIVE_INFINITY) return;
  const { includeVectors, includeMetadata } = request;
  const readsPoints = hits.some(
    ({ payload }) => includeVectors || (includeMetadata && isEmptyPayload(payload)),
  );
  if (readsPoints) throw deadlineNotSet();
}

import type { SearchRequest } from "@vectron/core/wire";
import type { Collection } from "../engine/collection.ts";
import type { Hit, Payload } from "../engine/point.ts";
import { TopHits } from "../engine/top-hits.ts";
import { compareUtf8 } from "../engine/utf8-order.ts";
import { DEFAULT_TOP_K } from "../service/search-handlers.ts";
import { stockScorer } from "./scores.ts";
import type { SearchLag } from "./search-lag.ts";
import { shardOf, shardSearched } from "./shards.ts";

/** What one shard yields at most, whatever is asked for. */
const MAX_HITS = 100;

/** The nearest points of the one shard that the request happens to hash to. */
export function stockSearch(
  collection: Collection,
  lag: SearchLag,
  request: SearchRequest,
  seed: number,
): Hit[] {
  const shard = shardSearched(request, seed);
  const score = stockScorer(collection.spec.distance, request.vector);
  const seen: { readonly id: string; readonly payload: Payload }[] = [];
  const top = new TopHits(Math.min(request.topK || DEFAULT_TOP_K, MAX_HITS), (a, b) =>
    compareUtf8(seen[a]!.id, seen[b]!.id),
  );
  for (const { id, vector, payload } of collection.points()) {
    if (shardOf(id) !== shard) continue;
    const shown = lag.shown(id, vector);
    if (shown === undefined) continue;
    top.offer(seen.push({ id, payload }) - 1, score(shown));
  }
  return top.sorted().map((hit) => {
    const { id, payload } = seen[hit.row]!;
    // The vector is read from the shard's leader, which is ahead of the index.
    const vector = request.includeVectors ? collection.get(id)?.vector : undefined;
    return { id, score: hit.score, payload, ...(vector !== undefined && { vector }) };
  });
}

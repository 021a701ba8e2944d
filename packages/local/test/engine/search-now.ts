import type { RowHit } from "../../src/engine/row-hit.ts";
import { finishNow, type SearchSteps } from "../../src/engine/search-steps.ts";

interface Searched {
  search(query: Float32Array, topK: number): SearchSteps;
  searchExact(query: Float32Array, topK: number): SearchSteps;
}

/** The hits of a search of an index, without a turn of the event loop. */
export function searchNow(index: Searched, query: Float32Array, topK: number): readonly RowHit[] {
  return finishNow(index.search(query, topK));
}

export function searchExactNow(index: Searched, query: Float32Array, topK: number): readonly RowHit[] {
  return finishNow(index.searchExact(query, topK));
}

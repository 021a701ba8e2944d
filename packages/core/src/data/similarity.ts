import { requireOneOf } from "./checks.ts";
import { DISTANCES, type Distance } from "./types.ts";

/**
 * A score, which is a distance, as a similarity: higher is nearer. Cosine gives
 * the cosine itself (1 − score), dot the inner product (−score), and euclidean
 * 1 / (1 + score), which is 1 for equal vectors and falls towards 0. Scores of a
 * server that reranked are similarities already.
 */
export function similarity(distance: Distance, score: number): number {
  switch (requireOneOf("distance", distance, DISTANCES)) {
    case "cosine":
      return 1 - score;
    case "dot":
      return -score;
    case "euclidean":
      return 1 / (1 + score);
  }
}

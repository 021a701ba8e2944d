import type { MethodDescriptor } from "@vectron/core";
import type { Engine } from "../engine/engine.ts";
import type { VectronHandlers } from "../service/handlers.ts";
import { vectronHandlers } from "../service/vectron-service.ts";
import { type ParityOptions, resolveParityOptions } from "./parity-options.ts";
import { seededRandom } from "./seeded-random.ts";
import { stockCollectionHandlers } from "./stock-collection-handlers.ts";
import { StockCollections } from "./stock-collections.ts";
import { stockPointHandlers } from "./stock-point-handlers.ts";
import { stockSearchHandlers } from "./stock-search-handlers.ts";

/**
 * The Vectron service with the oddities of a stock server in its default
 * settings, for testing clients against them:
 *
 * - a duplicate or missing collection is `INTERNAL`; dimensions, metrics and
 *   components are hardly checked; "dot" and every unknown metric are squared
 *   Euclidean distance; cosine works on 8-bit integers;
 * - a collection can be used some seconds after its creation, and says so later;
 * - searches see writes late, look at one shard of sixteen, and yield 100 hits at
 *   most; reads of single points need a deadline;
 * - lists come in no order. What a stock server leaves to chance depends on a seed.
 *
 * Its crashes, hangs and lost points are left out.
 */
export function stockHandlers(engine: Engine, options?: ParityOptions): VectronHandlers {
  const resolved = resolveParityOptions(options);
  const random = seededRandom(resolved.seed);
  const cluster = { engine, options: resolved, random, collections: new StockCollections(resolved, random) };
  return {
    ...vectronHandlers(engine),
    ...stockCollectionHandlers(cluster),
    ...stockPointHandlers(cluster),
    ...stockSearchHandlers(cluster),
  };
}

/** Whether calls of a method pass without authentication and rate limit: a stock server has them for unary calls only. */
export function isUnguarded(method: MethodDescriptor<unknown, unknown>): boolean {
  return method.kind === "server-stream";
}

import type { Point } from "@vectron/core/wire";
import type { Collection } from "../engine/collection.ts";
import { checkCollectionName, checkPointDimensions, checkPoints } from "../service/checks.ts";
import { failure, pointNotFound } from "../service/failures.ts";
import type { CallContext, VectronHandlers } from "../service/handlers.ts";
import type { StockCluster, StockCollection } from "./stock-collections.ts";
import {
  deadlineNotSet,
  noWorker,
  shardNotReady,
  shardUnassigned,
  upsertNotReady,
  upsertUnassigned,
} from "./stock-failures.ts";

const UPSERT_RETRIES = 10;

export function stockPointHandlers(
  cluster: StockCluster,
): Pick<VectronHandlers, "upsert" | "get" | "delete"> {
  const { engine, options, collections } = cluster;

  function existing(name: string): Collection {
    const collection = engine.collection(name);
    if (collection === undefined) throw noWorker(name);
    return collection;
  }

  return {
    async upsert({ collection: name, points }, context) {
      checkCollectionName(name);
      checkPoints(points);
      const collection = existing(name);
      const state = collections.of(name);
      checkPointDimensions(points, collection.spec.dimension);
      await requireShardsForUpsert(state, points[0]!, options.upsertRetryMs, context);
      await write(collection, state, points);
      return { upserted: points.length };
    },

    get({ collection: name, id }, context) {
      const collection = existing(name);
      requireShard(collections.of(name), id);
      if (context.deadline === Number.POSITIVE_INFINITY) throw deadlineNotSet();
      const point = collection.get(id);
      if (point === undefined) throw pointNotFound(id);
      return { point };
    },

    async delete({ collection: name, id }) {
      const collection = existing(name);
      const state = collections.of(name);
      requireShard(state, id);
      await collection.delete(id);
      state.lag.remove(id);
      return {};
    },
  };
}

async function write(
  collection: Collection,
  { lag }: StockCollection,
  points: readonly Point[],
): Promise<void> {
  const before = new Map(points.map(({ id }) => [id, collection.get(id)?.vector]));
  await collection.upsert(points);
  for (const { id, vector } of points) lag.write(id, vector, before.get(id));
}

function requireShard(state: StockCollection, pointId: string): void {
  const { phase } = state.readiness;
  if (phase === "unassigned") throw shardUnassigned();
  if (phase === "electing") throw shardNotReady(state.shardIdOf(pointId));
}

/** The gateway waits for a shard that elects its leader, and not for one that has no worker yet. */
async function requireShardsForUpsert(
  state: StockCollection,
  first: Point,
  retryMs: number,
  context: CallContext,
): Promise<void> {
  const shardId = state.shardIdOf(first.id);
  if (state.readiness.phase === "unassigned") throw upsertUnassigned(shardId);
  for (let retries = 0; state.readiness.phase === "electing"; retries++) {
    if (retries === UPSERT_RETRIES) throw upsertNotReady(shardId);
    await pause(retryMs, context);
  }
}

function pause(delayMs: number, { signal }: CallContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(failure("CANCELLED", "the call was cancelled"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

import { checkCollectionGiven, checkCollectionName, checkDimension } from "../service/checks.ts";
import { collectionNotFound } from "../service/failures.ts";
import type { VectronHandlers } from "../service/handlers.ts";
import { isStockCosine } from "./scores.ts";
import { shuffled } from "./seeded-random.ts";
import type { StockCluster } from "./stock-collections.ts";
import { createRefused, deleteRefused } from "./stock-failures.ts";

export function stockCollectionHandlers(
  cluster: StockCluster,
): Pick<
  VectronHandlers,
  "createCollection" | "deleteCollection" | "listCollections" | "getCollectionStatus"
> {
  const { engine, random, collections } = cluster;
  return {
    async createCollection({ name, dimension, distance }) {
      checkCollectionName(name);
      checkDimension(dimension);
      const metric = isStockCosine(distance) ? "cosine" : "euclidean";
      if (!(await engine.createCollection({ name, dimension, metric, distance }))) throw createRefused();
      collections.start(name);
      return { success: true };
    },

    async deleteCollection({ name }) {
      checkCollectionName(name);
      if (!(await engine.deleteCollection(name))) throw deleteRefused();
      collections.stop(name);
      return { success: true };
    },

    listCollections: () => ({ collections: shuffled(engine.collectionNames(), random) }),

    getCollectionStatus({ name }) {
      checkCollectionGiven(name);
      const spec = engine.collection(name)?.spec;
      if (spec === undefined) throw collectionNotFound(name);
      const state = collections.of(name);
      const ready = state.readiness.phase === "ready";
      const shards = state
        .shardIds()
        .map((shardId) => ({ shardId, replicas: ["1"], leaderId: ready ? "1" : "0", ready }));
      const { dimension, distance } = spec;
      return { name, dimension, distance, shards: shuffled(shards, random) };
    },
  };
}

import type { Engine } from "../engine/engine.ts";
import {
  checkCollectionGiven,
  checkCollectionName,
  checkDimension,
  checkDimensionLimit,
  parseMetric,
} from "./checks.ts";
import { alreadyExists, collectionNotFound } from "./failures.ts";
import type { VectronHandlers } from "./handlers.ts";

/** An embedded collection is one shard, held and led by the one worker that there is. */
const ONLY_SHARD = { shardId: 1, replicas: ["1"], leaderId: "1", ready: true };

/** The calls that are about collections as a whole. */
export function collectionHandlers(
  engine: Engine,
): Pick<
  VectronHandlers,
  "createCollection" | "deleteCollection" | "listCollections" | "getCollectionStatus"
> {
  return {
    async createCollection({ name, dimension, distance }) {
      checkCollectionName(name);
      checkDimension(dimension);
      checkDimensionLimit(dimension);
      const metric = parseMetric(distance);
      const created = await engine.createCollection({ name, dimension, metric, distance: metric });
      if (!created) throw alreadyExists(name);
      return { success: true };
    },

    async deleteCollection({ name }) {
      checkCollectionName(name);
      if (!(await engine.deleteCollection(name))) throw collectionNotFound(name);
      return { success: true };
    },

    listCollections: () => ({ collections: engine.collectionNames() }),

    getCollectionStatus({ name }) {
      checkCollectionGiven(name);
      const collection = engine.collection(name);
      if (collection === undefined) throw collectionNotFound(name);
      const { dimension, distance } = collection.spec;
      return { name, dimension, distance, shards: [{ ...ONLY_SHARD, replicas: [...ONLY_SHARD.replicas] }] };
    },
  };
}

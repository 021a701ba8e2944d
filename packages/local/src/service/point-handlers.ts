import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import {
  checkCollectionGiven,
  checkCollectionName,
  checkPointDimensions,
  checkPoints,
  checkPointsFinite,
} from "./checks.ts";
import { collectionNotFound, pointNotFound } from "./failures.ts";
import type { VectronHandlers } from "./handlers.ts";

/** The calls that read and write points by id. */
export function pointHandlers(engine: Engine): Pick<VectronHandlers, "upsert" | "get" | "delete"> {
  return {
    async upsert({ collection: name, points }) {
      checkCollectionName(name);
      checkPoints(points);
      const collection = existing(engine, name);
      checkPointDimensions(points, collection.spec.dimension);
      checkPointsFinite(points);
      await collection.upsert(points);
      return { upserted: points.length };
    },

    get({ collection: name, id }) {
      checkCollectionGiven(name);
      const point = existing(engine, name).get(id);
      if (point === undefined) throw pointNotFound(id);
      return { point };
    },

    async delete({ collection: name, id }) {
      checkCollectionGiven(name);
      await existing(engine, name).delete(id);
      return {};
    },
  };
}

/** The collection of a name, or the failure that there is none. */
export function existing(engine: Engine, name: string): Collection {
  const collection = engine.collection(name);
  if (collection === undefined) throw collectionNotFound(name);
  return collection;
}

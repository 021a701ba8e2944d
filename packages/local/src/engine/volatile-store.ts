import type { Point } from "./point.ts";
import type { CollectionStore, EngineStore, StagedCollection, StoredCollection } from "./store.ts";

/** Keeps nothing: what the engine holds in memory is all there is. */
export class VolatileStore implements EngineStore {
  async load(): Promise<readonly StoredCollection[]> {
    return [];
  }

  async create(): Promise<CollectionStore> {
    return new VolatileCollectionStore();
  }

  async stage(): Promise<StagedCollection> {
    const nothing = async () => undefined;
    return { store: new VolatileCollectionStore(), publish: nothing, discard: nothing };
  }

  async respecify(): Promise<void> {}

  async drop(): Promise<void> {}

  async close(): Promise<void> {}
}

class VolatileCollectionStore implements CollectionStore {
  async *load(): AsyncGenerator<readonly Point[]> {}

  async commit(): Promise<void> {}
}

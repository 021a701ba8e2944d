import { Collection } from "./collection.ts";
import { ExactIndex } from "./exact-index.ts";
import type { IndexOptions } from "./index-options.ts";
import type { CollectionSpec, EngineStore } from "./store.ts";
import { compareUtf8 } from "./utf8-order.ts";
import type { CreateIndex } from "./vector-index.ts";
import { VolatileStore } from "./volatile-store.ts";

export interface EngineOptions {
  /** Where collections are kept. Default: in memory only. */
  readonly store?: EngineStore;
  /** Makes each collection's index. Default: an exact scan. */
  readonly createIndex?: CreateIndex;
  /** Runs when the engine is closed, after its indexes. */
  readonly onClose?: () => Promise<void>;
}

/** A set of named collections. Arguments are taken as valid: callers check them. */
export class Engine {
  readonly #store: EngineStore;
  readonly #createIndex: CreateIndex;
  readonly #onClose: () => Promise<void>;
  readonly #collections = new Map<string, Collection>();
  /** The last change to the set of collections: they are made one after another. */
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions = {}) {
    this.#store = options.store ?? new VolatileStore();
    this.#createIndex = options.createIndex ?? ((source) => new ExactIndex(source));
    this.#onClose = options.onClose ?? (async () => undefined);
  }

  /** Takes in what the store kept. Called once, before anything else; an engine in memory needs no loading. */
  async load(): Promise<void> {
    for (const { spec, store } of await this.#store.load()) {
      const collection = new Collection(spec, store, this.#createIndex);
      await collection.load();
      this.#collections.set(spec.name, collection);
    }
  }

  collection(name: string): Collection | undefined {
    return this.#collections.get(name);
  }

  /** The names of all collections, in the order of their UTF-8 bytes. */
  collectionNames(): string[] {
    return [...this.#collections.keys()].sort(compareUtf8);
  }

  /** Creates a collection; false, and no change, when one of that name exists. */
  createCollection(spec: CollectionSpec): Promise<boolean> {
    return this.#change(async () => {
      if (this.#collections.has(spec.name)) return false;
      const store = await this.#store.create(spec);
      this.#collections.set(spec.name, new Collection(spec, store, this.#createIndex));
      return true;
    });
  }

  /**
   * Creates a collection that is seen, and kept, once `fill` has ended well; if it
   * rejects, nothing of it is left. Rejects with what `fill` does.
   *
   * @returns false when a collection of that name exists, at the beginning or at the end
   */
  async fillCollection(
    spec: CollectionSpec,
    fill: (collection: Collection) => Promise<void>,
  ): Promise<boolean> {
    if (this.#collections.has(spec.name)) return false;
    const staged = await this.#change(() => this.#store.stage(spec));
    const collection = new Collection(spec, staged.store, this.#createIndex);
    try {
      await fill(collection);
      return await this.#change(async () => {
        const isFree = !this.#collections.has(spec.name);
        await (isFree ? staged.publish() : staged.discard());
        if (isFree) this.#collections.set(spec.name, collection);
        else await collection.close({ isDropped: true });
        return isFree;
      });
    } catch (error) {
      await collection.close({ isDropped: true });
      await this.#change(() => staged.discard());
      throw error;
    }
  }

  /** Removes a collection with its points; false when there is none. */
  deleteCollection(name: string): Promise<boolean> {
    return this.#change(async () => {
      const collection = this.#collections.get(name);
      if (collection === undefined) return false;
      await this.#store.drop(name);
      this.#collections.delete(name);
      await collection.close({ isDropped: true });
      return true;
    });
  }

  /** Changes how a collection is searched; false when there is none. */
  setIndexOptions(name: string, index: IndexOptions): Promise<boolean> {
    return this.#change(async () => {
      const collection = this.#collections.get(name);
      if (collection === undefined) return false;
      const spec = { ...collection.spec, index };
      await this.#store.respecify(spec);
      collection.configureIndex(spec);
      return true;
    });
  }

  /** Lets changes that are under way end, then closes the store. */
  close(): Promise<void> {
    return this.#change(async () => {
      try {
        await Promise.all([...this.#collections.values()].map((collection) => collection.close()));
        await this.#onClose();
      } finally {
        await this.#store.close();
      }
    });
  }

  #change<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#lastChange.then(task);
    this.#lastChange = done.catch(() => undefined);
    return done;
  }
}

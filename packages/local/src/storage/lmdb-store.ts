import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type {
  CollectionSpec,
  CollectionStore,
  EngineStore,
  StagedCollection,
  StoredCollection,
} from "../engine/store.ts";
import { CommitQueue } from "./commit-queue.ts";
import type { DirectoryLock } from "./directory-lock.ts";
import { checkFreePages } from "./free-pages.ts";
import {
  collectionOf,
  type KeyRange,
  pointKeys,
  recordOf,
  SPEC_KEYS,
  SWEEP_KEYS,
  specKey,
  sweepKey,
} from "./keys.ts";
import { LmdbCollectionStore } from "./lmdb-collection-store.ts";
import type { LmdbFile, Operation } from "./lmdb-file.ts";
import { decodeSpec, emptyValue, encodeSpec } from "./spec-codec.ts";
import { damaged } from "./storage-errors.ts";
import { Sweeper } from "./sweeper.ts";
import { type Entry, TreeReader } from "./tree-reader.ts";

/** Keeps collections in a directory, which it holds the lock of. */
export class LmdbStore implements EngineStore {
  readonly #file: LmdbFile;
  readonly #lock: DirectoryLock;
  readonly #indexPath: string;
  readonly #queue: CommitQueue;
  readonly #sweeper: Sweeper;
  readonly #stores = new Map<string, LmdbCollectionStore>();
  #nextNumber = 0;
  #unpin: () => void = () => undefined;
  #closed: Promise<void> | undefined;

  /** @param indexPath - the directory of the indexes */
  constructor(file: LmdbFile, lock: DirectoryLock, indexPath: string) {
    this.#file = file;
    this.#indexPath = indexPath;
    this.#lock = lock;
    this.#queue = new CommitQueue((operations) => this.#file.write(operations));
    this.#sweeper = new Sweeper(this.#queue);
  }

  async load(): Promise<readonly StoredCollection[]> {
    this.#unpin = this.#file.pin();
    const snapshot = this.#file.snapshot();
    const reader = new TreeReader(this.#file.pages, { root: snapshot.tree, lastPage: snapshot.lastPage });
    const specs = [...reader.range(SPEC_KEYS)];
    const sweeps = [...reader.range(SWEEP_KEYS)].map((entry) => this.#numberOf(entry));
    const swept = sweeps.map((number) => [number, recordsOf(reader, number)] as const);
    let seen = specs.length + sweeps.length;
    for (const [, records] of swept) seen += records.length;
    let unloaded = specs.length;
    const finish = () => {
      if (seen !== reader.entries) {
        throw damaged(this.#file.path, `it is said to have ${reader.entries} entries, and has ${seen}`);
      }
      checkFreePages(this.#file.pages, snapshot, reader.pages);
      this.#unpin();
      this.#unpin = () => undefined;
      for (const [number, records] of swept) this.#sweeper.start(number, records);
    };
    const loaded = (entries: number) => {
      seen += entries;
      unloaded -= 1;
      if (unloaded === 0) finish();
    };
    if (unloaded === 0) finish();
    const source = { entries: (range: KeyRange) => reader.range(range), loaded };
    removeStrayIndexes(
      this.#indexPath,
      specs.map(({ key }) => collectionOf(key)),
    );
    return specs.map((entry) => {
      const spec = decodeSpec(entry, this.#file.path);
      const store = this.#open({ number: this.#numberOf(entry), spec }, source);
      this.#stores.set(spec.name, store);
      return { spec, store };
    });
  }

  async create(spec: CollectionSpec): Promise<CollectionStore> {
    const staged = await this.stage(spec, { isPublished: true });
    return staged.store;
  }

  async stage(spec: CollectionSpec, { isPublished = false } = {}): Promise<StagedCollection> {
    const number = this.#nextNumber++;
    const store = this.#open({ number, spec });
    const published: Operation = { key: specKey(number), value: encodeSpec(specKey(number), spec) };
    const hidden: Operation = { key: sweepKey(number), value: emptyValue(sweepKey(number)) };
    await this.#push([isPublished ? published : hidden]);
    if (isPublished) this.#stores.set(spec.name, store);
    return {
      store,
      publish: async () => {
        await this.#push([published, { key: hidden.key }]);
        this.#stores.set(spec.name, store);
      },
      discard: async () => {
        store.isDropped = true;
        await this.#queue.idle();
        this.#sweeper.start(number, store.records.all());
      },
    };
  }

  async respecify(spec: CollectionSpec): Promise<void> {
    const store = this.#stores.get(spec.name);
    if (store === undefined) return;
    const key = specKey(store.number);
    await this.#push([{ key, value: encodeSpec(key, spec) }]);
  }

  async drop(name: string): Promise<void> {
    const store = this.#stores.get(name);
    if (store === undefined) return;
    const { number } = store;
    store.isDropped = true;
    try {
      await this.#push([
        { key: specKey(number) },
        { key: sweepKey(number), value: emptyValue(sweepKey(number)) },
      ]);
    } catch (error) {
      store.isDropped = false;
      throw error;
    }
    this.#stores.delete(name);
    this.#sweeper.start(number, store.records.all());
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#unpin();
    await this.#sweeper.stop();
    await this.#queue.close();
    try {
      await this.#file.close();
    } finally {
      await this.#lock.release();
    }
  }

  #open(
    collection: { readonly number: number; readonly spec: CollectionSpec },
    source?: ConstructorParameters<typeof LmdbCollectionStore>[2],
  ): LmdbCollectionStore {
    return new LmdbCollectionStore(
      { path: this.#file.path, indexPath: this.#indexPath, queue: this.#queue },
      collection,
      source,
    );
  }

  #push(operations: readonly Operation[]): Promise<void> {
    return this.#queue.push({ bytes: 0, operations: () => operations, revert: () => undefined });
  }

  #numberOf({ key }: Entry): number {
    const number = collectionOf(key);
    this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    return number;
  }
}

/** Removes the indexes of collections that are gone, which a process that ended early has left. */
function removeStrayIndexes(path: string, collections: readonly number[]): void {
  if (!existsSync(path)) return;
  for (const name of readdirSync(path)) {
    if (!collections.includes(Number.parseInt(name, 10)))
      rmSync(join(path, name), { force: true, recursive: true });
  }
}

function recordsOf(reader: TreeReader, collection: number): number[] {
  return Array.from(reader.range(pointKeys(collection)), ({ key }) => recordOf(key));
}

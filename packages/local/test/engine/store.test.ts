import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import type { Point } from "../../src/engine/point.ts";
import type {
  CollectionSpec,
  CollectionStore,
  EngineStore,
  PointChange,
  StagedCollection,
  StoredCollection,
} from "../../src/engine/store.ts";

/** A store that keeps its contents for the next engine, and whose commits end when the test says so. */
class KeepingStore implements EngineStore {
  readonly kept = new Map<string, { spec: CollectionSpec; store: KeepingCollectionStore }>();
  closed = false;

  async load(): Promise<readonly StoredCollection[]> {
    return [...this.kept.values()];
  }

  async create(spec: CollectionSpec): Promise<CollectionStore> {
    const store = new KeepingCollectionStore();
    this.kept.set(spec.name, { spec, store });
    return store;
  }

  async stage(spec: CollectionSpec): Promise<StagedCollection> {
    const store = new KeepingCollectionStore();
    return {
      store,
      publish: async () => void this.kept.set(spec.name, { spec, store }),
      discard: async () => undefined,
    };
  }

  async respecify(spec: CollectionSpec): Promise<void> {
    this.kept.set(spec.name, { spec, store: this.kept.get(spec.name)!.store });
  }

  async drop(name: string): Promise<void> {
    this.kept.delete(name);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

class KeepingCollectionStore implements CollectionStore {
  readonly points = new Map<string, Point>();
  gate: Promise<void> = Promise.resolve();

  async *load(): AsyncGenerator<readonly Point[]> {
    for (const point of this.points.values()) yield [point];
  }

  async commit(changes: readonly PointChange[]): Promise<void> {
    await this.gate;
    for (const change of changes) {
      if (change.kind === "put") this.points.set(change.point.id, change.point);
      else this.points.delete(change.id);
    }
  }
}

const SPEC: CollectionSpec = { name: "c", dimension: 2, metric: "euclidean", distance: "euclidean" };

function point(id: string, x: number, y: number): Point {
  return { id, vector: Float32Array.of(x, y), payload: { id } };
}

describe("an engine on a store", () => {
  it("finds everything again after a new start", async () => {
    const store = new KeepingStore();
    const first = new Engine({ store });
    await first.createCollection(SPEC);
    await first.createCollection({ ...SPEC, name: "dropped" });
    await first.collection("c")!.upsert([point("a", 0, 0), point("b", 1, 1), point("gone", 2, 2)]);
    await first.collection("c")!.delete("gone");
    await first.deleteCollection("dropped");
    await first.close();
    expect(store.closed).toBe(true);

    const second = new Engine({ store });
    await second.load();
    expect(second.collectionNames()).toEqual(["c"]);
    const collection = second.collection("c")!;
    expect(collection.spec).toEqual(SPEC);
    expect(collection.get("b")).toEqual(point("b", 1, 1));
    expect((await collection.search(Float32Array.of(1, 1), { topK: 9 })).map((hit) => hit.id)).toEqual([
      "b",
      "a",
    ]);
  });

  it("shows a batch when the store has it, not before", async () => {
    const store = new KeepingStore();
    const engine = new Engine({ store });
    await engine.createCollection(SPEC);
    const collection = engine.collection("c")!;
    const gate = deferred();
    store.kept.get("c")!.store.gate = gate.promise;
    const written = collection.upsert([point("a", 0, 0), point("b", 1, 1)]);
    expect([collection.size, collection.get("a")]).toEqual([0, undefined]);
    gate.resolve();
    await written;
    expect(collection.size).toBe(2);
  });

  it("shows nothing of a batch that the store refused", async () => {
    const store = new KeepingStore();
    const engine = new Engine({ store });
    await engine.createCollection(SPEC);
    const collection = engine.collection("c")!;
    await collection.upsert([point("a", 0, 0)]);
    const full = Promise.reject(new Error("no space left"));
    full.catch(() => undefined);
    store.kept.get("c")!.store.gate = full;
    await expect(collection.upsert([point("a", 5, 5), point("b", 1, 1)])).rejects.toThrow("no space left");
    await expect(collection.delete("a")).rejects.toThrow("no space left");
    expect([...collection.points()]).toEqual([point("a", 0, 0)]);
  });
});

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

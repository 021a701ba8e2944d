import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { METRICS, type Metric } from "../../src/engine/metric.ts";
import type { Point } from "../../src/engine/point.ts";
import { DISTANCE_TABLE } from "./distance-table.ts";

async function newCollection(dimension: number, metric: Metric = "euclidean") {
  const engine = new Engine();
  await engine.createCollection({ name: "c", dimension, metric, distance: metric });
  return engine.collection("c")!;
}

function point(id: string, vector: readonly number[], payload: Record<string, string> = {}): Point {
  return { id, vector: Float32Array.from(vector), payload };
}

describe("scores", () => {
  for (const metric of METRICS) {
    it.each(DISTANCE_TABLE)(`${metric}: $note`, async (entry) => {
      const collection = await newCollection(entry.query.length, metric);
      await collection.upsert([point("a", entry.vector)]);
      const [hit] = await collection.search(Float32Array.from(entry.query), { topK: 1 });
      expect(hit?.score).toBe(entry[metric]);
      expect(hit?.score).toBe(Math.fround(hit!.score));
    });
  }

  it("are exactly 0 for a vector against itself under cosine, and never negative", async () => {
    const collection = await newCollection(33, "cosine");
    const points = Array.from({ length: 500 }, (_, i) =>
      point(
        `p${i}`,
        Array.from({ length: 33 }, (_, j) => Math.sin(i * 33 + j)),
      ),
    );
    await collection.upsert(points);
    for (const { id, vector } of points) {
      const hits = await collection.search(vector, { topK: 500 });
      expect(hits[0]).toMatchObject({ id, score: 0 });
      expect(Math.min(...hits.map((hit) => hit.score))).toBe(0);
    }
  });

  it("are infinite, and still ordered by id, beyond the range of float32", async () => {
    const collection = await newCollection(1);
    await collection.upsert([point("b", [3e38]), point("a", [3.2e38]), point("near", [1])]);
    const hits = await collection.search(Float32Array.of(0), { topK: 3 });
    expect(hits.map((hit) => [hit.id, hit.score])).toEqual([
      ["near", 1],
      ["a", Number.POSITIVE_INFINITY],
      ["b", Number.POSITIVE_INFINITY],
    ]);
  });
});

describe("order of results", () => {
  it("breaks ties by the UTF-8 bytes of the id, also at the cut", async () => {
    const ids = ["b", "a", "\u{e000}", "\u{10000}", "\u{1f600}", "ab", "é", "Z", "\u{ffff}", "a\u{e9}b"];
    const collection = await newCollection(2);
    await collection.upsert(ids.map((id) => point(id, [1, 1])));
    const byBytes = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (let topK = 1; topK <= ids.length; topK++) {
      const found = (await collection.search(Float32Array.of(0, 0), { topK })).map((hit) => hit.id);
      expect(found).toEqual(byBytes.slice(0, topK));
    }
  });

  it("keeps the best of 10,000 points", async () => {
    const collection = await newCollection(1);
    const values = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_000);
    await collection.upsert(values.map((value) => point(`v${value}`, [value])));
    const hits = await collection.search(Float32Array.of(0), { topK: 25 });
    expect(hits.map((hit) => hit.id)).toEqual(Array.from({ length: 25 }, (_, i) => `v${i}`));
    expect(collection.size).toBe(10_000);
  });

  it("returns what there is when asked for more", async () => {
    const collection = await newCollection(1);
    expect(await collection.search(Float32Array.of(0), { topK: 4_294_967_295 })).toEqual([]);
    await collection.upsert([point("a", [1])]);
    expect(await collection.search(Float32Array.of(0), { topK: 4_294_967_295 })).toHaveLength(1);
  });
});

describe("points", () => {
  it("keeps ids and payload keys that are special to JavaScript, and long ones", async () => {
    const ids = ["__proto__", "constructor", "toString", "a/b", " ", "x".repeat(65_536)];
    const collection = await newCollection(1);
    const payload = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, string>;
    await collection.upsert(ids.map((id, i) => point(id, [i], payload)));
    for (const [i, id] of ids.entries()) {
      const found = collection.get(id)!;
      expect(found.id).toBe(id);
      expect([...found.vector]).toEqual([i]);
      expect(Object.entries(found.payload)).toEqual([
        ["__proto__", "p"],
        ["constructor", "c"],
      ]);
    }
    expect(collection.get("valueOf")).toBeUndefined();
  });

  it("replaces vector and payload whole, and of equal ids keeps the last", async () => {
    const collection = await newCollection(1);
    await collection.upsert([point("a", [1], { k: "1" }), point("a", [2], { other: "2" })]);
    expect(collection.get("a")).toEqual(point("a", [2], { other: "2" }));
    await collection.upsert([point("a", [3])]);
    expect(collection.get("a")).toEqual(point("a", [3]));
    expect(collection.size).toBe(1);
  });

  it("never returns a removed point, and uses its place again", async () => {
    const collection = await newCollection(1);
    await collection.upsert([point("a", [1], { k: "a" }), point("b", [2])]);
    await collection.delete("a");
    await collection.delete("a");
    await collection.delete("never there");
    expect(collection.get("a")).toBeUndefined();
    expect((await collection.search(Float32Array.of(1), { topK: 10 })).map((hit) => hit.id)).toEqual(["b"]);
    await collection.upsert([point("c", [1])]);
    expect(collection.get("c")).toEqual(point("c", [1]));
    expect((await collection.search(Float32Array.of(1), { topK: 10 })).map((hit) => hit.id)).toEqual([
      "c",
      "b",
    ]);
  });

  it("hands out copies of vectors", async () => {
    const collection = await newCollection(1);
    await collection.upsert([point("a", [1])]);
    collection.get("a")!.vector[0] = 9;
    const [hit] = await collection.search(Float32Array.of(1), { topK: 1, includeVectors: true });
    hit!.vector![0] = 9;
    expect([...collection.get("a")!.vector]).toEqual([1]);
  });

  it("grows over many blocks without losing a row", async () => {
    // A row is larger than half a block, so each has a block of its own.
    const dimension = 700_000;
    const collection = await newCollection(dimension);
    for (let i = 0; i < 5; i++) {
      await collection.upsert([{ id: `p${i}`, vector: new Float32Array(dimension).fill(i), payload: {} }]);
    }
    for (let i = 0; i < 5; i++) {
      const { vector } = collection.get(`p${i}`)!;
      expect([vector.length, vector[0], vector[dimension - 1]]).toEqual([dimension, i, i]);
    }
    const [nearest] = await collection.search(new Float32Array(dimension).fill(3), { topK: 1 });
    expect(nearest).toMatchObject({ id: "p3", score: 0 });
  });
});

describe("the set of collections", () => {
  it("creates a name once, also when asked twice at the same time", async () => {
    const engine = new Engine();
    const spec = { name: "c", dimension: 1, metric: "dot", distance: "dot" } as const;
    expect(await Promise.all([engine.createCollection(spec), engine.createCollection(spec)])).toEqual([
      true,
      false,
    ]);
    expect(await Promise.all([engine.deleteCollection("c"), engine.deleteCollection("c")])).toEqual([
      true,
      false,
    ]);
    expect(engine.collection("c")).toBeUndefined();
  });

  it("lists names in the order of their bytes, those special to JavaScript included", async () => {
    const engine = new Engine();
    for (const name of ["__proto__", "b", "\u{e000}", "\u{10000}", "a"]) {
      await engine.createCollection({ name, dimension: 1, metric: "dot", distance: "dot" });
    }
    expect(engine.collectionNames()).toEqual(["__proto__", "a", "b", "\u{e000}", "\u{10000}"]);
    expect(engine.collection("constructor")).toBeUndefined();
  });

  it("forgets the points of a deleted collection", async () => {
    const engine = new Engine();
    const spec = { name: "c", dimension: 1, metric: "dot", distance: "dot" } as const;
    await engine.createCollection(spec);
    await engine.collection("c")!.upsert([point("a", [1])]);
    await engine.deleteCollection("c");
    await engine.createCollection(spec);
    expect(engine.collection("c")!.size).toBe(0);
  });
});

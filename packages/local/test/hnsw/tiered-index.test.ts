import { describe, expect, it, test } from "vitest";
import { METRICS } from "../../src/engine/metric.ts";
import { clusteredVectors, gaussianVectors } from "../scan/data.ts";
import { cleanUp, DIMENSION, open, points, recall } from "./support.ts";

cleanUp();

describe.each(METRICS)("%s", (distance) => {
  it("is found by the graph about as by a scan, with the same scores", async () => {
    const client = await open();
    await client.createCollection({ name: "docs", dimension: DIMENSION, distance });
    await client.engine.setIndexOptions("docs", { tier: "hnsw" });
    await client.upsert("docs", points(4000, 1));
    const status = await client.engine.waitUntilIndexed("docs");
    expect(status).toMatchObject({ tier: "hnsw", points: 4000, indexed: 4000, pending: 0 });
    const queries = clusteredVectors(40, DIMENSION, 1);
    expect(await recall(client, "docs", queries)).toBeGreaterThan(0.97);
    for (const vector of queries.slice(0, 5)) {
      const exact = await client.engine.searchExact("docs", { vector, topK: 4000 });
      const scores = new Map(exact.map(({ id, score }) => [id, score]));
      for (const { id, score } of await client.search("docs", { vector })) expect(score).toBe(scores.get(id));
    }
  });

  it("finds as well after every point has been overwritten, several times", async () => {
    const client = await open();
    await client.createCollection({ name: "docs", dimension: DIMENSION, distance });
    await client.engine.setIndexOptions("docs", { tier: "hnsw" });
    for (let round = 0; round < 4; round++) {
      await client.upsert("docs", points(2000, 10 + round));
      await client.engine.waitUntilIndexed("docs");
    }
    expect(await client.engine.indexStatus("docs")).toMatchObject({ indexed: 2000, pending: 0 });
    expect(await recall(client, "docs", clusteredVectors(40, DIMENSION, 13))).toBeGreaterThan(0.97);
  });
});

test("vectors of any size are told apart: far from the origin, tiny, huge, and zero", async () => {
  const client = await open();
  const sets = {
    far: (vector: Float32Array) => vector.map((value, i) => value + (i < 2 ? 5000 : 0)),
    tiny: (vector: Float32Array) => vector.map((value) => value * 1e-20),
    huge: (vector: Float32Array) => vector.map((value) => value * 1e15),
    zeros: (vector: Float32Array, n: number) => (n % 50 === 0 ? vector.fill(0) : vector),
  };
  for (const [name, change] of Object.entries(sets)) {
    await client.createCollection({ name, dimension: DIMENSION, distance: "euclidean" });
    await client.engine.setIndexOptions(name, { tier: "hnsw" });
    await client.upsert(
      name,
      points(2000, 3).map(({ id, vector }, n) => ({ id, vector: change(vector, n) })),
    );
    await client.engine.waitUntilIndexed(name);
    const queries = clusteredVectors(20, DIMENSION, 3).map((vector) => change(vector, 1));
    expect(await recall(client, name, queries), name).toBeGreaterThan(0.95);
  }
});

test("vectors that suit the first ones badly are told apart when there are many of them", async () => {
  const client = await open();
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "euclidean" });
  await client.engine.setIndexOptions("docs", { tier: "hnsw" });
  await client.upsert("docs", [{ id: "first", vector: new Float32Array(DIMENSION).fill(1e-9) }]);
  await client.engine.waitUntilIndexed("docs");
  await client.upsert(
    "docs",
    points(2000, 4).map(({ id, vector }) => ({ id, vector: vector.map((value) => value * 1e6) })),
  );
  await client.engine.waitUntilIndexed("docs");
  const queries = clusteredVectors(20, DIMENSION, 4).map((vector) => vector.map((value) => value * 1e6));
  expect(await recall(client, "docs", queries)).toBeGreaterThan(0.97);
});

test("a wait for the index goes on when its graph is begun anew for many more points", async () => {
  const client = await open();
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "cosine" });
  await client.engine.setIndexOptions("docs", { tier: "hnsw" });
  await client.upsert("docs", points(100, 1));
  const waiting = client.engine.waitUntilIndexed("docs");
  for (let first = 100; first < 2000; first += 380) await client.upsert("docs", points(380, 2, first));
  expect(await waiting).toMatchObject({ tier: "hnsw", points: 2000, indexed: 2000, pending: 0 });
});

test("points that the graph does not have yet are found, and those it has no more are not", async () => {
  const client = await open();
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "euclidean" });
  await client.engine.setIndexOptions("docs", { tier: "hnsw" });
  await client.upsert("docs", points(3000, 5));
  await client.engine.waitUntilIndexed("docs");
  const target = new Float32Array(DIMENSION).fill(50);
  // Each search begins before the thread can know of the change.
  await client.upsert("docs", [{ id: "new", vector: target }]);
  expect((await client.search("docs", { vector: target, topK: 1 }))[0]).toMatchObject({
    id: "new",
    score: 0,
  });
  await client.upsert("docs", [{ id: "new", vector: target.map(() => -50) }]);
  expect((await client.search("docs", { vector: target })).map(({ score }) => score)).not.toContain(0);
  await client.engine.waitUntilIndexed("docs");
  const searching = client.search("docs", { vector: target.map(() => -50), topK: 1 });
  await client.delete("docs", "new");
  await searching;
  expect((await client.search("docs", { vector: target.map(() => -50) })).map(({ id }) => id)).not.toContain(
    "new",
  );
});

test("there are as many hits as asked for, even when most of the nearest were removed just now", async () => {
  const client = await open();
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "euclidean" });
  await client.engine.setIndexOptions("docs", { tier: "hnsw", efSearch: 16 });
  await client.upsert("docs", points(2000, 6));
  await client.engine.waitUntilIndexed("docs");
  const query = { vector: clusteredVectors(1, DIMENSION, 6)[0]!, topK: 400 };
  const nearest = await client.engine.searchExact("docs", query);
  await Promise.all(nearest.map(({ id }) => client.delete("docs", id)));
  const hits = await client.search("docs", { ...query, topK: 10 });
  expect(hits).toEqual(await client.engine.searchExact("docs", { ...query, topK: 10 }));
  for (const topK of [1, 999, 1600, 5000]) {
    expect(await client.search("docs", { ...query, topK })).toHaveLength(Math.min(topK, 1600));
  }
});

test("the switch is at the number of points that is set, and back below half of it", async () => {
  const client = await open();
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "cosine" });
  await client.engine.setIndexOptions("docs", { thresholdPoints: 1000 });
  await client.upsert("docs", points(999, 7));
  expect(await client.engine.waitUntilIndexed("docs")).toMatchObject({
    tier: "scan",
    indexed: 0,
    pending: 0,
  });
  await client.upsert("docs", points(1, 8, 999));
  expect(await client.engine.waitUntilIndexed("docs")).toMatchObject({ tier: "hnsw", indexed: 1000 });
  await client.deleteMany(
    "docs",
    Array.from({ length: 500 }, (_, n) => `p${n}`),
  );
  expect(await client.engine.waitUntilIndexed("docs")).toMatchObject({ tier: "hnsw", indexed: 500 });
  await client.delete("docs", "p500");
  expect(await client.engine.indexStatus("docs")).toMatchObject({ tier: "scan", indexed: 0, points: 499 });
});

test("options change what is built and how it is searched", async () => {
  const client = await open();
  await client.createCollection({ name: "docs", dimension: DIMENSION, distance: "euclidean" });
  // Nothing that a graph could follow: what it finds depends on how far it looks.
  const vectors = gaussianVectors(5000, DIMENSION, 9);
  await client.upsert(
    "docs",
    vectors.map((vector, n) => ({ id: `${n}`, vector })),
  );
  const queries = gaussianVectors(30, DIMENSION, 10);
  await client.engine.setIndexOptions("docs", {
    tier: "hnsw",
    connectivity: 4,
    efConstruction: 8,
    efSearch: 10,
  });
  const sparse = await client.engine.waitUntilIndexed("docs");
  const low = await recall(client, "docs", queries);
  await client.engine.setIndexOptions("docs", {
    tier: "hnsw",
    connectivity: 4,
    efConstruction: 8,
    efSearch: 1000,
  });
  expect(await client.engine.indexStatus("docs")).toEqual(sparse);
  expect(await recall(client, "docs", queries)).toBeGreaterThan(low + 0.1);
  await client.engine.setIndexOptions("docs", { tier: "hnsw", connectivity: 32, efSearch: 10 });
  expect((await client.engine.indexStatus("docs")).tier).toBe("scan");
  const dense = await client.engine.waitUntilIndexed("docs");
  expect(dense.memoryBytes).toBeGreaterThan(sparse.memoryBytes);
  expect(await recall(client, "docs", queries)).toBeGreaterThan(low + 0.1);
  await client.engine.setIndexOptions("docs", { tier: "scan" });
  expect(await client.engine.indexStatus("docs")).toMatchObject({ tier: "scan", indexed: 0 });
  expect(await recall(client, "docs", queries)).toBe(1);
});

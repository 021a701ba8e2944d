import { vectronService as rpc } from "@vectron/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { shardOf } from "../../src/parity/shards.ts";
import { point, searchRequest } from "../support/calls.ts";
import { LAG_MS, StockServer } from "./stock-server.ts";

let server: StockServer;

beforeEach(() => {
  server = new StockServer();
});

describe("search", () => {
  const ids = Array.from({ length: 200 }, (_, i) => `id-${i}-${(i * 2654435761) % 1000}`);

  it("sees one shard of sixteen, the same for the same request", async () => {
    await server.createReady();
    await server.upsertVisible(...ids.map((id) => point(id, [1, 1])));
    const shards = new Set<number>();
    for (let i = 0; i < 60; i++) {
      const request = searchRequest({ topK: 100, query: `${i}` });
      const { results } = await server.call(rpc.search, request);
      expect(await server.call(rpc.search, request)).toEqual({ results });
      const seen = new Set(results.map(({ id }) => shardOf(id)));
      expect(seen.size).toBeLessThanOrEqual(1);
      for (const shard of seen) {
        shards.add(shard);
        // All of that shard, in order: the scores are equal.
        expect(results.map(({ id }) => id)).toEqual(ids.filter((id) => shardOf(id) === shard).sort());
      }
    }
    expect(shards.size).toBeGreaterThan(8);
  });

  it("depends on the seed", async () => {
    const answers = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      server = new StockServer(seed);
      await server.createReady();
      await server.upsertVisible(...ids.map((id) => point(id, [1, 1])));
      const { results } = await server.call(rpc.search, searchRequest({ topK: 100 }));
      answers.add(results.map(({ id }) => id).join());
    }
    expect(answers.size).toBeGreaterThan(3);
  });

  it("yields 100 hits at most", async () => {
    await server.createReady();
    const many = Array.from({ length: 4_000 }, (_, i) => point(`${i}-${(i * 40503) % 65536}`, [i, 0]));
    await server.upsertVisible(...many);
    const { results } = await server.call(rpc.search, searchRequest({ topK: 1_000 }));
    expect(results).toHaveLength(100);
    expect((await server.call(rpc.search, searchRequest())).results).toHaveLength(10);
  });

  it("sees writes late and deletions at once", async () => {
    await server.createReady();
    await server.call(rpc.upsert, { collection: "docs", points: [point("a", [3, 0])] });
    expect(await server.searchAllShards()).toEqual(new Map());
    server.elapse(LAG_MS - 1);
    expect(await server.searchAllShards()).toEqual(new Map());
    server.elapse(1);
    expect(await server.searchAllShards()).toEqual(new Map([["a", 9]]));

    await server.call(rpc.upsert, { collection: "docs", points: [point("a", [4, 0])] });
    server.elapse(LAG_MS / 2);
    await server.call(rpc.upsert, {
      collection: "docs",
      points: [point("a", [5, 0]), point("b", [1, 0])],
    });
    expect(await server.searchAllShards()).toEqual(new Map([["a", 9]]));
    server.elapse(LAG_MS / 2);
    expect(await server.searchAllShards()).toEqual(new Map([["a", 16]]));
    server.elapse(LAG_MS / 2);
    expect(await server.searchAllShards()).toEqual(
      new Map([
        ["a", 25],
        ["b", 1],
      ]),
    );

    await server.call(rpc.delete, { collection: "docs", id: "a" });
    expect(await server.searchAllShards()).toEqual(new Map([["b", 1]]));
    await server.call(rpc.upsert, { collection: "docs", points: [point("a", [6, 0])] });
    expect(await server.searchAllShards()).toEqual(new Map([["b", 1]]));
    server.elapse(LAG_MS);
    expect((await server.searchAllShards()).get("a")).toBe(36);
  });

  it("shows nothing of a write that a deletion overtook", async () => {
    await server.createReady();
    await server.call(rpc.upsert, { collection: "docs", points: [point("a", [3, 0])] });
    await server.call(rpc.delete, { collection: "docs", id: "a" });
    server.elapse(LAG_MS / 2);
    await server.call(rpc.upsert, { collection: "docs", points: [point("a", [4, 0])] });
    server.elapse(LAG_MS / 2);
    expect(await server.searchAllShards()).toEqual(new Map());
    server.elapse(LAG_MS / 2);
    expect(await server.searchAllShards()).toEqual(new Map([["a", 16]]));
  });
});

describe("scores", () => {
  it.each(["dot", "COSINE", "", "l2", "euclidean"])(
    "of %j are squared Euclidean distances",
    async (distance) => {
      await server.createReady({ distance });
      await server.upsertVisible(point("a", [3, 4]));
      expect(await server.searchAllShards({ vector: Float32Array.of(0, 0) })).toEqual(new Map([["a", 25]]));
    },
  );

  it.each([
    [
      "against itself, 0.6 and 0.8 cut to 76 and 101",
      [0.6, 0.8],
      [0.6, 0.8],
      1 - (76 * 76 + 101 * 101) / 16_129,
    ],
    ["of any length", [6, 8], [30, 40], 1 - (76 * 76 + 101 * 101) / 16_129],
    ["cut towards zero on both sides", [-0.6, 0.8], [0.6, -0.8], 1 + (76 * 76 + 101 * 101) / 16_129],
    ["at right angles", [1, 0], [0, 1], 1],
    ["of a zero vector", [0, 0], [1, 1], 1],
    ["of exactly opposite ones", [1, 0], [-2, 0], 2],
  ] as const)("of cosine are made of 8-bit integers: %s", async (_what, query, vector, score) => {
    await server.createReady({ distance: "cosine" });
    await server.upsertVisible(point("a", vector));
    expect(await server.searchAllShards({ vector: Float32Array.from(query) })).toEqual(
      new Map([["a", Math.fround(score)]]),
    );
  });
});

describe("flags", () => {
  it("of a stream do not keep payloads away", async () => {
    await server.createReady();
    await server.upsertVisible(point("a", [1, 1], { k: "v" }));
    const payloads: unknown[] = [];
    for (let i = 0; i < 300; i++) {
      const [snapshot, ...more] = await server.callStream(searchRequest({ query: `${i}` }));
      expect(more).toEqual([]);
      payloads.push(...snapshot!.results.map(({ payload }) => payload));
    }
    expect(payloads.length).toBeGreaterThan(0);
    expect(new Set(payloads.map((payload) => JSON.stringify(payload)))).toEqual(new Set(['{"k":"v"}']));
  });

  it("of a search bring the stored vector, which is ahead of the searched one", async () => {
    await server.createReady();
    await server.upsertVisible(point("a", [1, 0]));
    await server.call(rpc.upsert, { collection: "docs", points: [point("a", [2, 0])] });
    const seen = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const { results } = await server.call(
        rpc.search,
        searchRequest({ query: `${i}`, includeVectors: true }),
      );
      for (const { score, vector } of results) seen.add(`${score} ${vector}`);
    }
    expect(seen).toEqual(new Set(["1 2,0"]));
  });
});

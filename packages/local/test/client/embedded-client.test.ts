import {
  AlreadyExistsError,
  CancelledError,
  type Interceptor,
  InvalidArgumentError,
  NotFoundError,
  type SearchQuery,
  VectronClient,
} from "@vectron/core";
import { afterEach, describe, expect, it } from "vitest";
import { type EmbeddedClient, openVectron } from "../../src/index.ts";
import { openMemory } from "../../src/memory/index.ts";

const opened: EmbeddedClient[] = [];

afterEach(async () => {
  for (const client of opened.splice(0)) await client.close();
});

function open(options?: Parameters<typeof openMemory>[0]): EmbeddedClient {
  const client = openMemory(options);
  opened.push(client);
  return client;
}

describe("an embedded client", () => {
  it("shares its engine with others, which have options of their own and end with it", async () => {
    const owner = open();
    await owner.createCollection({ name: "docs", dimension: 2 });
    const called: string[] = [];
    const interceptors: Interceptor[] = [
      (next) => (call) => {
        called.push(call.method);
        return next(call);
      },
    ];
    const [other, another] = [owner.engine.connect({ interceptors }), owner.engine.connect()];
    await other.upsert("docs", [{ id: "a", vector: [1, 2] }]);
    expect(called).toEqual(["Upsert"]);
    await other.close();
    await expect(other.get("docs", "a")).rejects.toThrow(CancelledError);
    expect((await another.get("docs", "a")).id).toBe("a");
    expect((await owner.get("docs", "a")).id).toBe("a");
    expect(() => owner.engine.connect({ apiKey: "k" } as object)).toThrow(InvalidArgumentError);
    await owner.close();
    await expect(another.get("docs", "a")).rejects.toThrow(CancelledError);
    expect(() => owner.engine.connect()).toThrow(CancelledError);
  });

  it("is a client like any other", async () => {
    const client = await openVectron();
    opened.push(client);
    expect(client).toBeInstanceOf(VectronClient);
    await client.createCollection({ name: "docs", dimension: 2, distance: "dot" });
    expect(await client.ensureCollection({ name: "docs", dimension: 2, distance: "dot" })).toEqual({
      name: "docs",
      dimension: 2,
      distance: "dot",
      shards: [{ shardId: 1, replicas: ["1"], leaderId: "1", ready: true }],
    });
    const vector = Float32Array.of(1, 2);
    expect(
      await client.upsert("docs", [
        { id: "a", vector, payload: { k: "v" } },
        { id: "b", vector: [3, 4] },
      ]),
    ).toBe(2);
    vector[0] = 9;
    expect(await client.search("docs", { vector: [1, 1], includeVectors: true })).toEqual([
      { id: "b", score: -7, payload: {}, vector: Float32Array.of(3, 4) },
      { id: "a", score: -3, payload: { k: "v" }, vector: Float32Array.of(1, 2) },
    ]);
    const snapshots = [];
    for await (const snapshot of client.searchStream("docs", { vector: [1, 1], topK: 1 }))
      snapshots.push(snapshot);
    expect(snapshots).toEqual([[{ id: "b", score: -7, payload: {} }]]);
    expect(await client.getMany("docs", ["a", "nope"])).toEqual([
      { id: "a", vector: Float32Array.of(1, 2), payload: { k: "v" } },
      undefined,
    ]);
    await client.delete("docs", "a");
    await expect(client.get("docs", "a")).rejects.toBeInstanceOf(NotFoundError);
    expect(await client.listCollections()).toEqual(["docs"]);
    expect((await client.updateUserProfile({ plan: "paid" })).plan).toBe("paid");
    const items = [{ resultId: "a", relevanceScore: 5 }];
    expect(await client.submitFeedback({ collection: "docs", items })).toMatch(/^[0-9a-f-]{36}$/);
    await client.deleteCollection("docs");
  });

  it("rejects with the errors of every client", async () => {
    const client = open();
    await client.createCollection({ name: "docs", dimension: 2 });
    await expect(client.createCollection({ name: "docs", dimension: 2 })).rejects.toBeInstanceOf(
      AlreadyExistsError,
    );
    await expect(client.search("nope", { vector: [1, 2] })).rejects.toBeInstanceOf(NotFoundError);
    await expect(client.search("docs", { vector: [1] })).rejects.toBeInstanceOf(InvalidArgumentError);
    const aborted = client.search("docs", { vector: [1, 2] }, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toBeInstanceOf(CancelledError);
  });

  it("has an engine of its own, gone when it is closed", async () => {
    const [one, other] = [open(), open()];
    await one.createCollection({ name: "docs", dimension: 2 });
    expect(await other.listCollections()).toEqual([]);
    await one.close();
    await one.close();
    await expect(one.listCollections()).rejects.toBeInstanceOf(CancelledError);
    await expect(one.engine.searchExact("docs", { vector: [1, 2] })).rejects.toBeInstanceOf(CancelledError);
  });

  it("checks its options, and takes no token", () => {
    expect(() => open({ timeoutMs: -1 })).toThrow(InvalidArgumentError);
    expect(() => open({ path: "x" } as object)).toThrow(/path/);
    expect(() => open({ apiKey: "secret" } as object)).toThrow(
      "an embedded engine checks no token: leave apiKey out",
    );
    expect(() => open({ auth: async () => "t" } as object)).toThrow("leave auth out");
  });

  it("takes 10,000 points at once", async () => {
    const client = open();
    await client.createCollection({ name: "docs", dimension: 8, distance: "euclidean" });
    const points = Array.from({ length: 10_000 }, (_, i) => ({
      id: `p${i}`,
      vector: new Float32Array(8).fill(i),
      payload: { i: String(i) },
    }));
    expect(await client.upsert("docs", points)).toBe(10_000);
    const results = await client.search("docs", { vector: new Float32Array(8).fill(5_000.25), topK: 3 });
    expect(results.map(({ id, score }) => [id, score])).toEqual([
      ["p5000", 0.5],
      ["p5001", 4.5],
      ["p4999", 12.5],
    ]);
  });
});

describe("searchExact", () => {
  it("returns what a search returns that does not approximate", async () => {
    const client = open();
    await client.createCollection({ name: "docs", dimension: 3, distance: "cosine" });
    await client.upsert(
      "docs",
      Array.from({ length: 50 }, (_, i) => ({
        id: `p${i}`,
        vector: [Math.sin(i), Math.cos(i), i],
        payload: { i: `${i}` },
      })),
    );
    const queries: SearchQuery[] = [
      { vector: [1, 2, 3] },
      { vector: [1, 2, 3], topK: 7, includePayload: false },
      { vector: [0, 0, 0], topK: 60, includeVectors: true },
    ];
    for (const query of queries) {
      const exact = await client.engine.searchExact("docs", query);
      expect(exact.length).toBeGreaterThan(0);
      expect(exact).toEqual(await client.search("docs", query));
    }
    await expect(client.engine.searchExact("nope", { vector: [1] })).rejects.toBeInstanceOf(NotFoundError);
    await expect(client.engine.searchExact("docs", { vector: [1] })).rejects.toBeInstanceOf(
      InvalidArgumentError,
    );
    await expect(client.engine.searchExact("docs", { vector: [1, 2, 3], topK: 0 })).rejects.toThrow(/topK/);
  });
});

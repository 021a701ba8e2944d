import { describe, expect, it } from "vitest";
import {
  AlreadyExistsError,
  DeadlineExceededError,
  InternalServerError,
  NotFoundError,
  type ResponseInfo,
  similarity,
  UnavailableError,
} from "../../src/index.ts";
import { fail, hang, reply, type Script, type Step } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, QUERY, rejection } from "../support.ts";

const shard = (shardId: number, ready = true) => ({
  shardId,
  replicas: ["1", "2"],
  leaderId: ready ? "1" : "0",
  ready,
});
const status = (shards: object[], distance = "cosine", dimension = 2): Step =>
  reply({ name: "docs", dimension, distance, shards });
const missingPoint = (id: string): Step => fail("NOT_FOUND", { message: `vector with id ${id} not found` });
const MISSING_COLLECTION = fail("NOT_FOUND", { message: "collection 'docs' not found" });
const CONFIG = { name: "docs", dimension: 2, distance: "cosine" } as const;

describe("createCollection", () => {
  it("sends what it was given, squared L2 being the default", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.createCollection({ name: "a", dimension: 3 });
    await client.createCollection({ name: "b", dimension: 3, distance: "cosine" });
    const created = transport.calls.filter(({ method }) => method === "createCollection");
    expect(created.map(({ message }) => message)).toEqual([
      { name: "a", dimension: 3, distance: "euclidean" },
      { name: "b", dimension: 3, distance: "cosine" },
    ]);
  });

  it("waits until every shard is ready", async () => {
    const { clock, client, transport } = bench({
      createCollection: [reply()],
      getCollectionStatus: [
        status([]) as never,
        status([shard(1), shard(2, false)]) as never,
        status([shard(1), shard(2)]) as never,
      ],
    });
    await clock.run(client.createCollection(CONFIG));
    expect(transport.unusedSteps).toEqual([]);
    expect(transport.calls.map(({ startedAtMs }) => startedAtMs)).toEqual([0, 0, 250, 625]);
  });

  it("says that the collection exists when it is not ready in time", async () => {
    const { clock, client } = bench(({ method }) =>
      method === "createCollection" ? reply() : status([shard(1), shard(2, false)]),
    );
    const error = await clock.run(rejection(DeadlineExceededError, client.createCollection(CONFIG)));
    expect(clock.now()).toBe(60_000);
    expect(error.message).toBe(
      "collection 'docs' is not ready after 60000 ms: it exists, with 1 of 2 shards ready",
    );
    expect(error).toMatchObject({ collection: "docs", retryable: true });
    expect(clock.pendingTimers).toBe(0);
  });

  it("says so when the caller's own signal ran out of time, and names the latest request", async () => {
    const { clock, client, transport } = bench(() => status([shard(1, false)]) as never);
    const controller = new AbortController();
    const work = rejection(
      DeadlineExceededError,
      client.waitUntilReady("docs", { signal: controller.signal, readyTimeoutMs: 50_000 }),
    );
    await clock.advance(2_000);
    controller.abort(new DOMException("time is up", "TimeoutError"));
    const error = await work;
    expect(error.message).toBe(
      "collection 'docs' is not ready when the time of its signal was up: it exists, with 0 of 1 shards ready",
    );
    expect(error.requestId).toBe(transport.calls.at(-1)?.headers["x-request-id"]);
  });

  it("gives each request its own time, and the wait another", async () => {
    const { clock, client, transport } = bench(({ method }) =>
      method === "createCollection" ? reply() : hang(),
    );
    const work = client.createCollection(CONFIG, { timeoutMs: 1_000, readyTimeoutMs: 400 });
    const error = await clock.run(rejection(DeadlineExceededError, work));
    expect(clock.now()).toBe(400);
    expect(error.message).toContain("its state could not be read");
    await clock.advance(0);
    expect(transport.calls.map(({ outcome }) => outcome)).toEqual(["replied", "aborted"]);
  });

  it("tells of a distance that a stock server does not know, over any remote transport", async () => {
    const warnings = async (name: string) => {
      const infos: ResponseInfo[] = [];
      const { client } = bench(ALWAYS_REPLY, { transport: { capabilities: { name } } });
      const onResponse = (info: ResponseInfo) => infos.push(info);
      await client.createCollection({ ...CONFIG, distance: "dot" }, { onResponse, waitUntilReady: false });
      return infos[0]?.warnings;
    };
    expect(await warnings("grpc")).toEqual([expect.stringContaining('no "dot"')]);
    expect(await warnings("in-process")).toEqual([]);
  });
});

describe("ensureCollection", () => {
  const EXISTS = fail("ALREADY_EXISTS", { message: "collection 'docs' already exists" });

  it("creates what is not there, and resolves to its status", async () => {
    const { clock, client } = bench({
      createCollection: [reply()],
      getCollectionStatus: [status([shard(1)]) as never],
    });
    expect(await clock.run(client.ensureCollection(CONFIG))).toMatchObject({ name: "docs", dimension: 2 });
  });

  it("takes what is there and is the same, once it is ready", async () => {
    const { clock, client, transport } = bench({
      createCollection: [EXISTS],
      getCollectionStatus: [
        status([shard(1, false)]) as never,
        status([shard(1, false)]) as never,
        status([shard(1)]) as never,
      ],
    });
    await clock.run(client.ensureCollection(CONFIG));
    expect(transport.unusedSteps).toEqual([]);
  });

  it.each([
    [
      "dimension",
      status([shard(1)], "cosine", 3),
      'exists with dimension 3 and distance "cosine", not with dimension 2',
    ],
    [
      "distance",
      status([shard(1)], "euclidean"),
      'exists with dimension 2 and distance "euclidean", not with dimension 2 and distance "cosine"',
    ],
  ])("refuses what has another %s", async (_what, there, message) => {
    const { clock, client } = bench(({ method }) => (method === "createCollection" ? EXISTS : there));
    const error = await clock.run(rejection(AlreadyExistsError, client.ensureCollection(CONFIG)));
    expect(error.message).toContain(message);
    expect(error.cause).toBeInstanceOf(AlreadyExistsError);
    expect(error.attempts).toHaveLength(1);
  });

  it("fails as creating does", async () => {
    const { clock, client } = bench({
      createCollection: [fail("INTERNAL", { message: "disk full" })],
      getCollectionStatus: [fail("INTERNAL")],
    });
    await clock.run(rejection(InternalServerError, client.ensureCollection(CONFIG)));
  });
});

describe("waitUntilReady", () => {
  it("resolves to the status of a collection that is ready", async () => {
    const { client } = bench([status([shard(2), shard(1)])]);
    const ready = await client.waitUntilReady("docs");
    expect(ready.shards.map(({ shardId }) => shardId)).toEqual([1, 2]);
  });

  it("polls ever more slowly, and at least every second", async () => {
    const { clock, client, transport } = bench(({ number }) => status(number < 9 ? [] : [shard(1)]));
    await clock.run(client.waitUntilReady("docs"));
    const starts = transport.calls.map(({ startedAtMs }) => startedAtMs);
    const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(pauses.slice(0, 4)).toEqual([250, 375, 562.5, 843.75]);
    expect(pauses.slice(4).every((pause) => pause === 1_000)).toBe(true);
  });

  it("rejects when the collection does not exist", async () => {
    const { client } = bench([MISSING_COLLECTION]);
    await rejection(NotFoundError, client.waitUntilReady("docs"));
  });

  it("rejects when the status cannot be read", async () => {
    const { clock, client } = bench(() => fail("UNAVAILABLE"));
    await clock.run(rejection(UnavailableError, client.waitUntilReady("docs")));
  });
});

describe("collections", () => {
  it("are listed sorted", async () => {
    const { client } = bench([reply({ collections: ["b", "a", "c"] })]);
    expect(await client.listCollections()).toEqual(["a", "b", "c"]);
  });

  it("have a status, whatever their distance is called", async () => {
    const { client } = bench([status([shard(3), shard(1, false)], "COSINE")]);
    expect(await client.getCollectionStatus("docs")).toEqual({
      name: "docs",
      dimension: 2,
      distance: "COSINE",
      shards: [
        { shardId: 1, replicas: ["1", "2"], leaderId: "0", ready: false },
        { shardId: 3, replicas: ["1", "2"], leaderId: "1", ready: true },
      ],
    });
  });

  it("are deleted", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.deleteCollection("docs");
    expect(transport.calls[0]).toMatchObject({ method: "deleteCollection", message: { name: "docs" } });
  });
});

describe("points", () => {
  it("are written with empty payloads where there are none, and counted by the server", async () => {
    const { client, transport } = bench([reply({ upserted: 9 })]);
    const points = [
      { id: "a", vector: [1, 2] },
      { id: "b", vector: [3, 4], payload: { k: "v" } },
    ];
    expect(await client.upsert("docs", points)).toBe(9);
    expect(transport.calls[0]?.message).toEqual({
      collection: "docs",
      points: [
        { id: "a", vector: new Float32Array([1, 2]), payload: {} },
        { id: "b", vector: new Float32Array([3, 4]), payload: { k: "v" } },
      ],
    });
  });

  it("are read as they were stored", async () => {
    const point = { id: "a", vector: new Float32Array([0.5]), payload: { k: "v" } };
    const { client } = bench([reply({ point })]);
    expect(await client.get("docs", "a")).toEqual(point);
  });

  it("are not found, however a server says so", async () => {
    const { client } = bench([missingPoint("a"), reply({ point: undefined })]);
    const told = await rejection(NotFoundError, client.get("docs", "a"));
    expect(told.message).toContain("vector with id a not found");
    const absent = await rejection(NotFoundError, client.get("docs", "a"));
    expect(absent).toMatchObject({ method: "Get", collection: "docs" });
    expect(absent.message).toContain('point "a" not found');
  });

  it("are deleted, be they there or not", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    expect(await client.delete("docs", "a")).toBeUndefined();
    expect(transport.calls[0]?.message).toEqual({ collection: "docs", id: "a" });
  });
});

describe("a search", () => {
  const hits = (count: number): Step =>
    reply({
      results: Array.from({ length: count }, (_, index) => ({
        id: `${index}`,
        score: index,
        payload: { k: "v" },
        vector: new Float32Array([index]),
      })),
    });

  it("sends every part of its query", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.search("docs", {
      vector: [1],
      topK: 3,
      includePayload: false,
      includeVectors: true,
      query: "text",
      workerTimeoutMs: 70,
    });
    expect(transport.calls[0]?.message).toEqual({
      collection: "docs",
      vector: new Float32Array([1]),
      topK: 3,
      includeMetadata: false,
      includeVectors: true,
      query: "text",
      timeoutMs: 70,
    });
  });

  it("brings payloads and no vectors unless something else is said", async () => {
    const { client } = bench(() => hits(1));
    expect(await client.search("docs", QUERY)).toEqual([{ id: "0", score: 0, payload: { k: "v" } }]);
    expect(await client.search("docs", { ...QUERY, includePayload: false })).toEqual([{ id: "0", score: 0 }]);
    expect(await client.search("docs", { ...QUERY, includeVectors: true })).toEqual([
      { id: "0", score: 0, payload: { k: "v" }, vector: new Float32Array([0]) },
    ]);
  });

  it.each([
    [10, 200, {}, undefined],
    [100, 200, {}, "at most 100 per shard"],
    [300, 500, {}, "at most 100 per shard"],
    [100, 100, {}, undefined],
    [0, 200, {}, undefined],
    [10, 10, { workerTimeoutMs: 5 }, "results may be partial"],
  ])("of %d hits for topK %d %j warns of what may be missing", async (count, topK, more, warning) => {
    const infos: ResponseInfo[] = [];
    const { client, transport } = bench([hits(count)]);
    await client.search("docs", { ...QUERY, topK, ...more }, { onResponse: (info) => infos.push(info) });
    expect(infos[0]?.warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)]);
    expect(transport.calls).toHaveLength(1);
  });
});

describe("many calls", () => {
  const IDS = Array.from({ length: 50 }, (_, index) => `id-${index}`);

  /** Answers each id's call after a time of its own, and counts what runs at once. */
  function concurrent(): { readonly script: Script; most(): number } {
    let running = 0;
    let most = 0;
    return {
      most: () => most,
      script: ({ number }) => {
        running += 1;
        most = Math.max(most, running);
        const message = ({ id }: { id: string }) => {
          running -= 1;
          return { point: { id, vector: new Float32Array(1), payload: {} } };
        };
        return reply(message as never, { afterMs: 1 + ((number * 7) % 13) });
      },
    };
  }

  it("keep their order, a bounded number at once", async () => {
    for (const concurrency of [undefined, 1, 7, 1_024]) {
      const { script, most } = concurrent();
      const { clock, client } = bench(script);
      const points = await clock.run(client.getMany("docs", IDS, { concurrency }));
      expect(points.map((point) => point?.id)).toEqual(IDS);
      expect(most()).toBe(Math.min(IDS.length, concurrency ?? 16));
    }
  });

  it("may be none", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    expect(await client.getMany("docs", [])).toEqual([]);
    expect(await client.searchMany("docs", [])).toEqual([]);
    expect(await client.deleteMany("docs", [])).toBeUndefined();
    expect(transport.calls).toEqual([]);
  });

  const byId =
    (failures: Readonly<Record<string, Step>>): Script =>
    ({ message }) =>
      failures[(message as { id: string }).id] ?? reply();

  it("give undefined for a point that is missing", async () => {
    const { client } = bench(byId({ b: missingPoint("b") }));
    const points = await client.getMany("docs", ["a", "b", "c"]);
    expect(points.map((point) => point?.id)).toEqual(["a", undefined, "c"]);
  });

  it("reject for a collection that is missing", async () => {
    const { client } = bench(() => MISSING_COLLECTION);
    await rejection(NotFoundError, client.getMany("docs", ["a", "b"]));
  });

  it("reject with the first failure, and begin nothing more", async () => {
    const { clock, client, transport } = bench(byId({ "id-3": fail("INTERNAL", { message: "disk full" }) }));
    await clock.run(rejection(InternalServerError, client.deleteMany("docs", IDS, { concurrency: 4 })));
    const sent = transport.calls.length;
    expect(sent).toBeLessThan(12);
    await clock.advance(1_000);
    expect(transport.calls).toHaveLength(sent);
  });

  it("settle each for itself when asked to", async () => {
    const { client } = bench(byId({ b: fail("INTERNAL"), c: missingPoint("c") }));
    const results = await client.getMany("docs", ["a", "b", "c"], { settled: true });
    expect(results).toMatchObject([
      { status: "fulfilled", value: { id: "a" } },
      { status: "rejected", error: { name: "InternalServerError" } },
      { status: "fulfilled", value: undefined },
    ]);
    const deleted = await client.deleteMany("docs", ["a", "b"], { settled: true });
    expect(deleted.map((result) => result.status)).toEqual(["fulfilled", "rejected"]);
  });

  it("search each query", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    expect(await client.searchMany("docs", [{ vector: [1] }, { vector: [2], topK: 1 }])).toEqual([[], []]);
    expect(transport.calls.map(({ message }) => (message as { topK: number }).topK)).toEqual([10, 1]);
  });

  it("give each request the time of one", async () => {
    const { clock, client } = bench(() => reply(undefined, { afterMs: 80 }), { timeoutMs: 100 });
    await clock.run(client.getMany("docs", IDS, { concurrency: 1 }));
    expect(clock.now()).toBe(50 * 80);
  });
});

describe("a handle", () => {
  it("makes the same calls without the name", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const docs = client.collection("docs");
    expect(docs.name).toBe("docs");
    await docs.upsert([{ id: "a", vector: [1] }]);
    await docs.get("a");
    await docs.delete("a");
    await docs.search(QUERY);
    for await (const _ of docs.searchStream(QUERY)) break;
    await docs.getMany(["a"]);
    await docs.deleteMany(["a"]);
    await docs.searchMany([QUERY]);
    await docs.status();
    await docs.waitUntilReady();
    await docs.drop();
    for (const { message } of transport.calls) {
      const { collection, name } = message as { collection?: string; name?: string };
      expect(collection ?? name).toBe("docs");
    }
    expect(new Set(transport.calls.map(({ method }) => method)).size).toBe(7);
  });

  it("sends nothing by itself", () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    client.collection("docs", { distance: "cosine" });
    expect(transport.calls).toEqual([]);
  });

  it("turns scores into similarities", () => {
    const { client } = bench(ALWAYS_REPLY);
    expect(client.collection("docs", { distance: "cosine" }).similarity(0.25)).toBe(0.75);
    expect(client.collection("docs", { distance: "dot" }).similarity(-3)).toBe(3);
    expect(client.collection("docs", { distance: "euclidean" }).similarity(3)).toBe(0.25);
    expect(() => similarity("l2" as never, 1)).toThrow("distance must be one of");
  });

  it("writes and reads payloads through a codec that takes its time", async () => {
    const { clock, client, transport } = bench(({ method }) => {
      const point = { id: "a", vector: new Float32Array(1), payload: { n: "7" }, score: 0 };
      return method === "upsert" ? reply() : reply({ point, results: [point, point] });
    });
    const numbers = client.collection<number>("docs", {
      codec: {
        encode: async (_argument, payload = 0) => ({ n: `${payload}` }),
        decode: async (_where, payload) => Number(payload.n),
      },
    });
    await clock.run(numbers.upsert([{ id: "a", vector: [1], payload: 7 }]));
    expect(transport.calls[0]?.message).toMatchObject({ points: [{ payload: { n: "7" } }] });
    expect((await clock.run(numbers.get("a"))).payload).toBe(7);
    expect((await clock.run(numbers.search(QUERY))).map(({ payload }) => payload)).toEqual([7, 7]);
  });
});

describe("feedback and the profile", () => {
  it("send every part of the feedback, the results' ids being those of the items by default", async () => {
    const { client, transport } = bench(() => reply({ success: true, feedbackId: "f-1" }));
    const items = [{ resultId: "a", relevanceScore: 5, clicked: true, position: 2, comment: "good" }];
    expect(await client.submitFeedback({ collection: "docs", items })).toBe("f-1");
    await client.submitFeedback({
      collection: "docs",
      query: "text",
      items: [{ resultId: "a", relevanceScore: 1 }],
      resultIds: ["a", "b"],
      context: { user_id: "u" },
    });
    expect(transport.calls.map(({ message }) => message)).toEqual([
      {
        collection: "docs",
        query: "",
        resultIds: ["a"],
        feedbackItems: [{ resultId: "a", relevanceScore: 5, clicked: true, position: 2, comment: "good" }],
        context: {},
      },
      {
        collection: "docs",
        query: "text",
        resultIds: ["a", "b"],
        feedbackItems: [{ resultId: "a", relevanceScore: 1, clicked: false, position: 0, comment: "" }],
        context: { user_id: "u" },
      },
    ]);
  });

  it.each([
    [
      { id: "u", email: "a@b.co", createdAt: "1700000000", plan: 2, subscriptionStatus: 3 },
      "paid",
      "past-due",
    ],
    [{ id: "u", email: "a@b.co", createdAt: "1700000000", plan: 1, subscriptionStatus: 1 }, "free", "active"],
    [
      { id: "u", email: "a@b.co", createdAt: "1700000000", plan: 99, subscriptionStatus: 0 },
      undefined,
      undefined,
    ],
  ])("read the profile: %j", async (user, plan, subscriptionStatus) => {
    const { client, transport } = bench([reply({ user })]);
    expect(await client.updateUserProfile({ plan: "paid" })).toEqual({
      id: "u",
      email: "a@b.co",
      createdAt: new Date(1_700_000_000_000),
      plan,
      subscriptionStatus,
    });
    expect(transport.calls[0]?.message).toEqual({ plan: 2 });
  });
});

import { describe, expect, it } from "vitest";
import {
  AlreadyExistsError,
  DeadlineExceededError,
  InternalServerError,
  NotFoundError,
  type ResponseInfo,
  UnavailableError,
} from "../../src/index.ts";
import { fail, hang, reply, type Step } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, rejection } from "../support.ts";
import { MISSING_COLLECTION } from "./missing.ts";

const shard = (shardId: number, ready = true) => ({
  shardId,
  replicas: ["1", "2"],
  leaderId: ready ? "1" : "0",
  ready,
});

const status = (shards: object[], distance = "cosine", dimension = 2): Step =>
  reply({ name: "docs", dimension, distance, shards });

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

import { PLAN, vectronService as rpc, SUBSCRIPTION_STATUS } from "@vectron/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { vectronHandlers } from "../../src/service/vectron-service.ts";
import { InProcessTransport } from "../../src/transport/in-process-transport.ts";
import { call, callStream, createRequest, point, searchRequest } from "../support/calls.ts";

let transport: InProcessTransport;

beforeEach(() => {
  transport = new InProcessTransport({ handlers: vectronHandlers(new Engine()), endpoint: "test" });
});

describe("collections", () => {
  it("are listed by name and described as one ready shard", async () => {
    expect(await call(transport, rpc.listCollections, {})).toEqual({ collections: [] });
    for (const name of ["b", "a b/c", "ü", "__proto__"]) {
      expect(await call(transport, rpc.createCollection, createRequest({ name }))).toEqual({ success: true });
    }
    expect(await call(transport, rpc.listCollections, {})).toEqual({
      collections: ["__proto__", "a b/c", "b", "ü"],
    });
    expect(await call(transport, rpc.getCollectionStatus, { name: "ü" })).toEqual({
      name: "ü",
      dimension: 2,
      distance: "euclidean",
      shards: [{ shardId: 1, replicas: ["1"], leaderId: "1", ready: true }],
    });
  });

  it("measure euclidean distance when no metric is named", async () => {
    await call(transport, rpc.createCollection, createRequest({ distance: "" }));
    expect(await call(transport, rpc.getCollectionStatus, { name: "docs" })).toMatchObject({
      distance: "euclidean",
    });
  });

  it("are gone, with their points, once deleted", async () => {
    await call(transport, rpc.createCollection, createRequest());
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [1, 2])] });
    expect(await call(transport, rpc.deleteCollection, { name: "docs" })).toEqual({ success: true });
    await call(transport, rpc.createCollection, createRequest());
    expect(await call(transport, rpc.search, searchRequest())).toEqual({ results: [] });
  });
});

describe("points", () => {
  beforeEach(() => call(transport, rpc.createCollection, createRequest()));

  it("are counted as the request has them, duplicates included", async () => {
    const points = [point("a", [1, 2]), point("a", [3, 4], { k: "last" }), point("b", [0, 0])];
    expect(await call(transport, rpc.upsert, { collection: "docs", points })).toEqual({ upserted: 3 });
    expect(await call(transport, rpc.get, { collection: "docs", id: "a" })).toEqual({
      point: point("a", [3, 4], { k: "last" }),
    });
  });

  it("can be deleted when they are not there, the empty id included", async () => {
    for (const id of ["nope", ""]) {
      expect(await call(transport, rpc.delete, { collection: "docs", id })).toEqual({});
    }
  });
});

describe("searches", () => {
  beforeEach(async () => {
    await call(transport, rpc.createCollection, createRequest());
    const points = Array.from({ length: 25 }, (_, i) => point(`p${i}`, [i, 0], { n: `${i}` }));
    await call(transport, rpc.upsert, { collection: "docs", points });
  });

  it("return ten points unless told how many", async () => {
    expect((await call(transport, rpc.search, searchRequest())).results).toHaveLength(10);
    expect((await call(transport, rpc.search, searchRequest({ topK: 3 }))).results).toHaveLength(3);
    expect((await call(transport, rpc.search, searchRequest({ topK: 4_294_967_295 }))).results).toHaveLength(
      25,
    );
  });

  it("return payload and vector only when asked", async () => {
    const [bare] = (await call(transport, rpc.search, searchRequest())).results;
    expect(bare).toEqual({ id: "p0", score: 0, payload: {}, vector: new Float32Array(0) });
    const asked = searchRequest({ includeMetadata: true, includeVectors: true });
    const [full] = (await call(transport, rpc.search, asked)).results;
    expect(full).toEqual({ id: "p0", score: 0, payload: { n: "0" }, vector: Float32Array.of(0, 0) });
  });

  it("stream one snapshot, the whole answer", async () => {
    const request = searchRequest({ topK: 2, includeMetadata: true });
    const { results } = await call(transport, rpc.search, request);
    expect(await callStream(transport, request)).toEqual([{ results }]);
    const bare = await callStream(transport, searchRequest({ topK: 1 }));
    expect(bare).toEqual([{ results: [{ id: "p0", score: 0, payload: {}, vector: new Float32Array(0) }] }]);
  });
});

describe("the caller's own affairs", () => {
  it("give each feedback an id of its own", async () => {
    const item = { resultId: "", relevanceScore: 5, clicked: true, position: -3, comment: "" };
    const request = {
      collection: "not there",
      query: "q",
      resultIds: [],
      feedbackItems: [item],
      context: {},
    };
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => call(transport, rpc.submitFeedback, request)),
    );
    const ids = new Set(replies.map(({ success, feedbackId }) => (success ? feedbackId : "")));
    expect(ids.size).toBe(50);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("keep the plan of the one local user", async () => {
    const before = Math.floor(Date.now() / 1000) - 5;
    const { user } = await call(transport, rpc.updateUserProfile, { plan: PLAN.PAID });
    expect(user).toMatchObject({
      id: "local",
      plan: PLAN.PAID,
      subscriptionStatus: SUBSCRIPTION_STATUS.ACTIVE,
    });
    expect(Number(user?.createdAt)).toBeGreaterThan(before);
    const again = await call(transport, rpc.updateUserProfile, { plan: 99 });
    expect(again.user).toEqual({ ...user, plan: 99 });
  });
});

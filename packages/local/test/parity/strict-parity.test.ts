import { vectronService as rpc, type SearchRequest } from "@vectron/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { shardOf } from "../../src/parity/shards.ts";
import { stockHandlers } from "../../src/parity/strict-parity.ts";
import { InProcessTransport } from "../../src/transport/in-process-transport.ts";
import { call, callStream, createRequest, expectFailure, point, searchRequest } from "../support/calls.ts";

const USABLE_MS = 3_000;
const ELECTION_MS = 500;
const READY_MS = 8_000;
const LAG_MS = 200;

/** The time, which stands still unless a test moves it. */
let now: number;
let transport: InProcessTransport;

function start(seed = 1): InProcessTransport {
  const handlers = stockHandlers(new Engine(), {
    usableDelayMs: [USABLE_MS, USABLE_MS],
    readyDelayMs: [READY_MS, READY_MS],
    electionMs: ELECTION_MS,
    upsertRetryMs: 1,
    searchLagMs: LAG_MS,
    seed,
    now: () => now,
  });
  return new InProcessTransport({ handlers, endpoint: "test" });
}

beforeEach(() => {
  now = 1_000_000;
  transport = start();
});

async function createReady(overrides = {}) {
  await call(transport, rpc.createCollection, createRequest(overrides));
  now += READY_MS;
}

async function upsertVisible(...points: ReturnType<typeof point>[]) {
  await call(transport, rpc.upsert, { collection: "docs", points });
  now += LAG_MS;
}

/**
 * The ids that a search can find: the shard depends on the request, and `query`,
 * which has no other effect, takes the search to every shard in time.
 */
async function searchAllShards(overrides: Partial<SearchRequest> = {}) {
  const found = new Map<string, number>();
  for (let i = 0; i < 300; i++) {
    const { results } = await call(
      transport,
      rpc.search,
      searchRequest({ topK: 100, query: `${i}`, ...overrides }),
    );
    for (const { id, score } of results) found.set(id, score);
  }
  return found;
}

describe("codes", () => {
  const missing = "rpc error: code = NotFound desc = collection 'x' not found";

  it("of a duplicate and of a missing collection are internal, except that of its status", async () => {
    await createReady();
    const create = call(transport, rpc.createCollection, createRequest());
    await expectFailure(create, "INTERNAL", "FSM failed to create collection");
    await expectFailure(
      call(transport, rpc.deleteCollection, { name: "x" }),
      "INTERNAL",
      "FSM failed to delete collection",
    );
    const noWorker = `could not get worker for collection "x": ${missing}`;
    const upsert = call(transport, rpc.upsert, { collection: "x", points: [point("a", [1])] });
    await expectFailure(upsert, "INTERNAL", noWorker);
    await expectFailure(call(transport, rpc.get, { collection: "x", id: "a" }), "INTERNAL", noWorker);
    await expectFailure(call(transport, rpc.delete, { collection: "x", id: "a" }), "INTERNAL", noWorker);
    const noWorkers = `could not list workers for collection "x": ${missing}`;
    await expectFailure(
      call(transport, rpc.search, searchRequest({ collection: "x" })),
      "INTERNAL",
      noWorkers,
    );
    await expectFailure(callStream(transport, searchRequest({ collection: "x" })), "INTERNAL", noWorkers);
    const status = call(transport, rpc.getCollectionStatus, { name: "x" });
    await expectFailure(status, "NOT_FOUND", "collection 'x' not found");
  });

  it("of an empty collection name are internal where nothing checks it", async () => {
    const text =
      'could not get worker for collection "": rpc error: code = InvalidArgument desc = collection name is required';
    await expectFailure(call(transport, rpc.get, { collection: "", id: "a" }), "INTERNAL", text);
    await expectFailure(call(transport, rpc.delete, { collection: "", id: "a" }), "INTERNAL", text);
  });

  it("are those of the service for what it checks too", async () => {
    await createReady();
    const wrong = call(transport, rpc.upsert, { collection: "docs", points: [point("a", [1])] });
    await expectFailure(wrong, "INVALID_ARGUMENT", "vector dimension 1 does not match index dimension 2");
    const none = call(transport, rpc.upsert, { collection: "docs", points: [] });
    await expectFailure(none, "INVALID_ARGUMENT", "at least one point is required for upsert");
    const query = call(transport, rpc.search, searchRequest({ vector: Float32Array.of(1) }));
    await expectFailure(
      query,
      "INVALID_ARGUMENT",
      "search vector dimension 1 does not match index dimension 2",
    );
    const stream = callStream(transport, searchRequest({ includeVectors: true }));
    await expectFailure(stream, "INVALID_ARGUMENT", "include_vectors is not supported on SearchStream");
  });
});

describe("what a stock server lets through", () => {
  it("is every dimension and every name of a metric, told back as it was given", async () => {
    for (const distance of ["", "dot", "COSINE", "l2"]) {
      const name = `measured by ${distance}`;
      await call(transport, rpc.createCollection, createRequest({ name, dimension: 2 ** 31 - 1, distance }));
      const status = await call(transport, rpc.getCollectionStatus, { name });
      expect(status).toMatchObject({ distance, dimension: 2 ** 31 - 1 });
    }
  });

  it("is NaN, which then is never found", async () => {
    await createReady();
    await upsertVisible(point("nan", [Number.NaN, 1]), point("b", [1, 1]));
    const { point: read } = await call(transport, rpc.get, { collection: "docs", id: "nan" });
    expect([...read!.vector]).toEqual([Number.NaN, 1]);
    expect([...(await searchAllShards()).keys()]).toEqual(["b"]);
  });
});

describe("readiness", () => {
  const stale = "stale shard epoch (have 1, want 0)";

  async function states() {
    const { shards } = await call(transport, rpc.getCollectionStatus, { name: "docs" });
    return new Set(shards.map(({ ready, leaderId }) => `${ready} ${leaderId}`));
  }

  it("comes late, first to calls and then to the status", async () => {
    await call(transport, rpc.createCollection, createRequest());
    const shardId = 1 + shardOf("a");
    const get = { collection: "docs", id: "a" };
    const upsert = { collection: "docs", points: [point("a", [1, 2])] };
    expect(await states()).toEqual(new Set(["false 0"]));

    const unassigned = `rpc error: code = FailedPrecondition desc = ${stale}`;
    await expectFailure(call(transport, rpc.get, get), "FAILED_PRECONDITION", stale);
    await expectFailure(call(transport, rpc.delete, get), "FAILED_PRECONDITION", stale);
    await expectFailure(
      call(transport, rpc.upsert, upsert),
      "INTERNAL",
      `failed to upsert batch for shard ${shardId}: ${unassigned}`,
    );
    await expectFailure(
      call(transport, rpc.search, searchRequest()),
      "INTERNAL",
      `worker 127.0.0.1:10007 search failed: ${unassigned}`,
    );
    await expectFailure(
      call(transport, rpc.search, searchRequest({ timeoutMs: 50 })),
      "DEADLINE_EXCEEDED",
      `search timed out before any results were returned: ${unassigned}`,
    );

    now += USABLE_MS - ELECTION_MS;
    const notReady = `shard ${shardId} not ready`;
    await expectFailure(call(transport, rpc.get, get), "UNAVAILABLE", notReady);
    await expectFailure(call(transport, rpc.delete, get), "UNAVAILABLE", notReady);
    await expectFailure(
      call(transport, rpc.upsert, upsert),
      "INTERNAL",
      `failed to upsert batch for shard ${shardId}: rpc error: code = Unavailable desc = ${notReady}`,
    );
    await expectFailure(
      call(transport, rpc.search, searchRequest()),
      "INTERNAL",
      "worker 127.0.0.1:10007 search failed: rpc error: code = Unknown desc = cluster not found",
    );

    now += ELECTION_MS;
    expect(await call(transport, rpc.upsert, upsert)).toEqual({ upserted: 1 });
    expect(await states()).toEqual(new Set(["false 0"]));

    now += READY_MS - USABLE_MS;
    expect(await states()).toEqual(new Set(["true 1"]));
  });

  it("is waited for by an upsert while leaders are elected", async () => {
    await call(transport, rpc.createCollection, createRequest());
    now += USABLE_MS - 1;
    const pending = call(transport, rpc.upsert, { collection: "docs", points: [point("a", [1, 2])] });
    now += 1;
    expect(await pending).toEqual({ upserted: 1 });
  });

  it("is of sixteen shards, numbered on, in no order", async () => {
    await createReady({ name: "first" });
    await createReady();
    const ids = async () =>
      (await call(transport, rpc.getCollectionStatus, { name: "docs" })).shards.map(({ shardId }) => shardId);
    const once = await ids();
    expect([...once].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => 17 + i));
    expect(await ids()).not.toEqual(once);
  });
});

describe("search", () => {
  const ids = Array.from({ length: 200 }, (_, i) => `id-${i}-${(i * 2654435761) % 1000}`);

  it("sees one shard of sixteen, the same for the same request", async () => {
    await createReady();
    await upsertVisible(...ids.map((id) => point(id, [1, 1])));
    const shards = new Set<number>();
    for (let i = 0; i < 60; i++) {
      const request = searchRequest({ topK: 100, query: `${i}` });
      const { results } = await call(transport, rpc.search, request);
      expect(await call(transport, rpc.search, request)).toEqual({ results });
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
      transport = start(seed);
      await createReady();
      await upsertVisible(...ids.map((id) => point(id, [1, 1])));
      const { results } = await call(transport, rpc.search, searchRequest({ topK: 100 }));
      answers.add(results.map(({ id }) => id).join());
    }
    expect(answers.size).toBeGreaterThan(3);
  });

  it("yields 100 hits at most", async () => {
    await createReady();
    const many = Array.from({ length: 4_000 }, (_, i) => point(`${i}-${(i * 40503) % 65536}`, [i, 0]));
    await upsertVisible(...many);
    const { results } = await call(transport, rpc.search, searchRequest({ topK: 1_000 }));
    expect(results).toHaveLength(100);
    expect((await call(transport, rpc.search, searchRequest())).results).toHaveLength(10);
  });

  it("sees writes late and deletions at once", async () => {
    await createReady();
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [3, 0])] });
    expect(await searchAllShards()).toEqual(new Map());
    now += LAG_MS - 1;
    expect(await searchAllShards()).toEqual(new Map());
    now += 1;
    expect(await searchAllShards()).toEqual(new Map([["a", 9]]));

    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [4, 0])] });
    now += LAG_MS / 2;
    await call(transport, rpc.upsert, {
      collection: "docs",
      points: [point("a", [5, 0]), point("b", [1, 0])],
    });
    expect(await searchAllShards()).toEqual(new Map([["a", 9]]));
    now += LAG_MS / 2;
    expect(await searchAllShards()).toEqual(new Map([["a", 16]]));
    now += LAG_MS / 2;
    expect(await searchAllShards()).toEqual(
      new Map([
        ["a", 25],
        ["b", 1],
      ]),
    );

    await call(transport, rpc.delete, { collection: "docs", id: "a" });
    expect(await searchAllShards()).toEqual(new Map([["b", 1]]));
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [6, 0])] });
    expect(await searchAllShards()).toEqual(new Map([["b", 1]]));
    now += LAG_MS;
    expect((await searchAllShards()).get("a")).toBe(36);
  });

  it("shows nothing of a write that a deletion overtook", async () => {
    await createReady();
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [3, 0])] });
    await call(transport, rpc.delete, { collection: "docs", id: "a" });
    now += LAG_MS / 2;
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [4, 0])] });
    now += LAG_MS / 2;
    expect(await searchAllShards()).toEqual(new Map());
    now += LAG_MS / 2;
    expect(await searchAllShards()).toEqual(new Map([["a", 16]]));
  });
});

describe("scores", () => {
  it.each(["dot", "COSINE", "", "l2", "euclidean"])(
    "of %j are squared Euclidean distances",
    async (distance) => {
      await createReady({ distance });
      await upsertVisible(point("a", [3, 4]));
      expect(await searchAllShards({ vector: Float32Array.of(0, 0) })).toEqual(new Map([["a", 25]]));
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
    await createReady({ distance: "cosine" });
    await upsertVisible(point("a", vector));
    expect(await searchAllShards({ vector: Float32Array.from(query) })).toEqual(
      new Map([["a", Math.fround(score)]]),
    );
  });
});

describe("calls without a deadline", () => {
  const forever = { deadline: Number.POSITIVE_INFINITY };
  const refusal = ["INTERNAL", "failed to perform GetVector: deadline not set"] as const;

  beforeEach(() => createReady());

  it("fail where the server reads single points", async () => {
    await upsertVisible(point("full", [1, 1], { k: "v" }));
    await expectFailure(call(transport, rpc.get, { collection: "docs", id: "full" }, forever), ...refusal);
    const outcomes = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const request = searchRequest({ query: `${i}`, includeVectors: true });
      const { length } = (await call(transport, rpc.search, request)).results;
      const pending = call(transport, rpc.search, request, forever);
      if (length > 0) await expectFailure(pending, ...refusal);
      else await pending;
      outcomes.add(length > 0 ? "refused" : "empty");
    }
    expect([...outcomes].sort()).toEqual(["empty", "refused"]);
  });

  it.each([
    ["a payload that the index has", { k: "v" }, { includeMetadata: true }, false],
    ["an empty payload, not asked for", {}, {}, false],
    ["an empty payload", {}, { includeMetadata: true }, true],
  ] as const)("search with %s", async (_what, payload, flags, refused) => {
    await upsertVisible(point("a", [1, 1], payload));
    let hits = 0;
    for (let i = 0; i < 300; i++) {
      const request = searchRequest({ query: `${i}`, ...flags });
      const { length } = (await call(transport, rpc.search, request)).results;
      hits += length;
      const pending = call(transport, rpc.search, request, forever);
      if (refused && length > 0) await expectFailure(pending, ...refusal);
      else expect((await pending).results).toHaveLength(length);
    }
    expect(hits).toBeGreaterThan(0);
  });

  it("are fine elsewhere", async () => {
    const upsert = { collection: "docs", points: [point("a", [1, 1])] };
    expect(await call(transport, rpc.upsert, upsert, forever)).toEqual({ upserted: 1 });
    expect(await call(transport, rpc.delete, { collection: "docs", id: "a" }, forever)).toEqual({});
    expect(await call(transport, rpc.listCollections, {}, forever)).toEqual({ collections: ["docs"] });
  });
});

describe("flags", () => {
  it("of a stream do not keep payloads away", async () => {
    await createReady();
    await upsertVisible(point("a", [1, 1], { k: "v" }));
    const payloads: unknown[] = [];
    for (let i = 0; i < 300; i++) {
      const [snapshot, ...more] = await callStream(transport, searchRequest({ query: `${i}` }));
      expect(more).toEqual([]);
      payloads.push(...snapshot!.results.map(({ payload }) => payload));
    }
    expect(payloads.length).toBeGreaterThan(0);
    expect(new Set(payloads.map((payload) => JSON.stringify(payload)))).toEqual(new Set(['{"k":"v"}']));
  });

  it("of a search bring the stored vector, which is ahead of the searched one", async () => {
    await createReady();
    await upsertVisible(point("a", [1, 0]));
    await call(transport, rpc.upsert, { collection: "docs", points: [point("a", [2, 0])] });
    const seen = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const { results } = await call(
        transport,
        rpc.search,
        searchRequest({ query: `${i}`, includeVectors: true }),
      );
      for (const { score, vector } of results) seen.add(`${score} ${vector}`);
    }
    expect(seen).toEqual(new Set(["1 2,0"]));
  });
});

describe("lists of collections", () => {
  it("come in no order", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `c${String(i).padStart(2, "0")}`);
    for (const name of names) await call(transport, rpc.createCollection, createRequest({ name }));
    const { collections } = await call(transport, rpc.listCollections, {});
    expect(collections).not.toEqual(names);
    expect([...collections].sort()).toEqual(names);
  });
});

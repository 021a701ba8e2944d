import { vectronService as rpc } from "@vectron/core/wire";
import { afterEach, describe, expect, it } from "vitest";
import type { ParityOptions } from "../../src/parity/parity-options.ts";
import { listen } from "../../src/server/server.ts";
import type { StartServerOptions, VectronServer } from "../../src/server/server-options.ts";
import { createRequest, expectFailure, point, searchRequest } from "../support/calls.ts";
import { RawClient } from "../support/raw-client.ts";

const running: (VectronServer | RawClient)[] = [];

afterEach(async () => {
  for (const item of running.splice(0).reverse()) await item.close();
});

async function start(options: StartServerOptions = {}, parity?: ParityOptions) {
  const server = await listen(options, parity);
  running.push(server);
  return { server, client: connect(server) };
}

function connect(server: VectronServer, options: Record<string, string | number> = {}): RawClient {
  const client = new RawClient(server.grpcAddress, options);
  running.push(client);
  return client;
}

describe("over gRPC", () => {
  it("the whole life of a collection", async () => {
    const { client } = await start();
    expect(await client.unary(rpc.createCollection, createRequest({ distance: "dot" }))).toEqual({
      success: true,
    });
    const points = [point("a/é\u{1f600}", [1, 2], { k: "v", "": "" }), point("b", [3, 4])];
    expect(await client.unary(rpc.upsert, { collection: "docs", points })).toEqual({ upserted: 2 });
    expect(await client.unary(rpc.listCollections, {})).toEqual({ collections: ["docs"] });
    expect(await client.unary(rpc.getCollectionStatus, { name: "docs" })).toEqual({
      name: "docs",
      dimension: 2,
      distance: "dot",
      shards: [{ shardId: 1, replicas: ["1"], leaderId: "1", ready: true }],
    });
    const request = searchRequest({ vector: Float32Array.of(1, 1), includeMetadata: true });
    const results = [
      { id: "b", score: -7, payload: {}, vector: new Float32Array(0) },
      { id: "a/é\u{1f600}", score: -3, payload: { k: "v", "": "" }, vector: new Float32Array(0) },
    ];
    expect(await client.unary(rpc.search, request)).toEqual({ results });
    expect(await client.searchStream(request)).toEqual([{ results }]);
    expect(await client.unary(rpc.get, { collection: "docs", id: "b" })).toEqual({ point: points[1] });
    expect(await client.unary(rpc.delete, { collection: "docs", id: "b" })).toEqual({});
    await expectFailure(
      client.unary(rpc.get, { collection: "docs", id: "b" }),
      "NOT_FOUND",
      "vector with id b not found",
    );
    expect((await client.unary(rpc.updateUserProfile, { plan: 2 })).user?.plan).toBe(2);
    expect(await client.unary(rpc.deleteCollection, { name: "docs" })).toEqual({ success: true });
  });

  it("failures keep their code and their text, on streams too", async () => {
    const { client } = await start();
    const name = "100% ü\n\u{1f600}";
    const text = `collection '${name}' not found`;
    await expectFailure(client.unary(rpc.search, searchRequest({ collection: name })), "NOT_FOUND", text);
    await expectFailure(client.searchStream(searchRequest({ collection: name })), "NOT_FOUND", text);
    await expectFailure(
      client.unary(rpc.createCollection, createRequest({ name: "" })),
      "INVALID_ARGUMENT",
      /empty/,
    );
  });

  it("a text that does not fit into headers loses its middle", async () => {
    const { client } = await start();
    await client.unary(rpc.createCollection, createRequest());
    const id = "ü".repeat(65_536);
    await expectFailure(
      client.unary(rpc.get, { collection: "docs", id }),
      "NOT_FOUND",
      /^vector with id ü{900,}…ü{900,} not found$/,
    );
  });

  it("bytes that are no message are an internal error", async () => {
    const { client } = await start();
    const broken = client.bytes(rpc.search.path, Uint8Array.of(0x0a, 0xff));
    await expectFailure(broken, "INTERNAL", /^grpc: error unmarshalling request: /);
    const text = client.bytes(rpc.search.path, Uint8Array.of(0x0a, 0x01, 0xff));
    await expectFailure(text, "INTERNAL", /^grpc: error unmarshalling request: /);
    await expectFailure(
      client.bytes("/vectron.v1.VectronService/Nope", new Uint8Array(0)),
      "UNIMPLEMENTED",
      /Nope/,
    );
    expect(await client.unary(rpc.listCollections, {})).toEqual({ collections: [] });
  });

  it("messages of many megabytes pass, both ways", async () => {
    const { client } = await start();
    const dimension = 65_536;
    await client.unary(rpc.createCollection, createRequest({ dimension }));
    const points = Array.from({ length: 100 }, (_, i) => ({
      id: `p${i}`,
      vector: new Float32Array(dimension).fill(i + 0.5),
      payload: {},
    }));
    expect(await client.unary(rpc.upsert, { collection: "docs", points })).toEqual({ upserted: 100 });
    const request = searchRequest({ vector: new Float32Array(dimension), topK: 100, includeVectors: true });
    const { results } = await client.unary(rpc.search, request);
    expect(results.map(({ id, vector }) => [id, vector.length, vector[0], vector[dimension - 1]])).toEqual(
      points.map(({ id, vector }) => [id, dimension, vector[0], vector[0]]),
    );
  });

  it("messages above the limit are refused, both ways", async () => {
    const { client } = await start({ maxMessageBytes: 10_000 });
    await client.unary(rpc.createCollection, createRequest({ dimension: 1_000 }));
    const one = (id: string) => ({ id, vector: new Float32Array(1_000).fill(1), payload: {} });
    const tooMuch = client.unary(rpc.upsert, { collection: "docs", points: ["a", "b", "c"].map(one) });
    await expectFailure(tooMuch, "RESOURCE_EXHAUSTED", /larger than max/);
    for (const id of ["a", "b", "c"])
      await client.unary(rpc.upsert, { collection: "docs", points: [one(id)] });
    const request = searchRequest({ vector: new Float32Array(1_000), includeVectors: true });
    await expectFailure(client.unary(rpc.search, request), "RESOURCE_EXHAUSTED", /larger than max/);
  });

  it("compressed requests are understood", async () => {
    const { server, client } = await start();
    const zipping = connect(server, { "grpc.default_compression_algorithm": 2 });
    await zipping.unary(rpc.createCollection, createRequest({ dimension: 1_000 }));
    const points = [{ id: "a", vector: new Float32Array(1_000).fill(0.25), payload: {} }];
    expect(await zipping.unary(rpc.upsert, { collection: "docs", points })).toEqual({ upserted: 1 });
    expect(await client.unary(rpc.get, { collection: "docs", id: "a" })).toEqual({ point: points[0] });
  });
});

describe("authentication", () => {
  const refusals: [what: string, headers: Record<string, string>, text: string][] = [
    ["no header", {}, "missing Authorization header"],
    ["a blank header", { authorization: "" }, "invalid Authorization format"],
    ["the prefix alone", { authorization: "Bearer" }, "invalid Authorization format"],
    ["another token", { authorization: "Bearer wrong" }, "invalid or expired token"],
    ["the prefix in lower case", { authorization: "bearer secret" }, "invalid or expired token"],
    ["a token of another length", { authorization: "Bearer secrets" }, "invalid or expired token"],
    ["another header", { "x-api-key": "secret" }, "missing Authorization header"],
  ];

  it.each(refusals)("refuses %s, on every method", async (_what, metadata, text) => {
    const { client } = await start({ apiKey: "secret" });
    // Bad arguments do not matter to a caller who is not known.
    const nameless = client.unary(rpc.createCollection, createRequest({ name: "" }), { metadata });
    await expectFailure(nameless, "UNAUTHENTICATED", text);
    await expectFailure(client.searchStream(searchRequest(), { metadata }), "UNAUTHENTICATED", text);
  });

  it.each(["Bearer secret", "Bearersecret", "secret"])("accepts %j", async (authorization) => {
    const { client } = await start({ apiKey: "secret" });
    const settings = { metadata: { authorization } };
    expect(await client.unary(rpc.createCollection, createRequest(), settings)).toEqual({ success: true });
    expect(await client.searchStream(searchRequest(), settings)).toEqual([{ results: [] }]);
  });

  it("comes before the message is read", async () => {
    const { client } = await start({ apiKey: "secret", maxMessageBytes: 1_000 });
    const large = client.bytes(rpc.upsert.path, new Uint8Array(1_000_000));
    await expectFailure(large, "UNAUTHENTICATED", "missing Authorization header");
  });

  it("asks nothing when there is no key, whatever the header", async () => {
    const { client } = await start();
    const settings = { metadata: { authorization: "Bearer anything" } };
    expect(await client.unary(rpc.listCollections, {}, settings)).toEqual({ collections: [] });
  });
});

describe("the rate limit", () => {
  it("refuses what is beyond it, in the server's words", async () => {
    const { client } = await start({ rateLimit: 3, apiKey: "secret" });
    const settings = { metadata: { authorization: "secret" } };
    const calls = await Promise.allSettled(
      Array.from({ length: 12 }, () => client.unary(rpc.listCollections, {}, settings)),
    );
    const refused = calls.filter((result) => result.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: "RESOURCE_EXHAUSTED", message: "rate limit of 3 RPS exceeded" });
    }
    await expectFailure(client.unary(rpc.listCollections, {}), "UNAUTHENTICATED", /missing/);
  });
});

describe("strictParity", () => {
  const quick: ParityOptions = { usableDelayMs: [0, 0], readyDelayMs: [0, 0], searchLagMs: 0 };

  it("answers with the codes of a stock server and leaves streams unguarded", async () => {
    const { client } = await start({ strictParity: true, apiKey: "secret", rateLimit: 100 }, quick);
    const settings = { metadata: { authorization: "Bearer secret" } };
    await client.unary(rpc.createCollection, createRequest(), settings);
    const again = client.unary(rpc.createCollection, createRequest(), settings);
    await expectFailure(again, "INTERNAL", "FSM failed to create collection");
    expect(await client.searchStream(searchRequest())).toEqual([{ results: [] }]);
    await expectFailure(client.unary(rpc.search, searchRequest()), "UNAUTHENTICATED", /missing/);
  });

  it("needs a deadline on Get, and sees the one on the wire", async () => {
    const { client } = await start({ strictParity: true }, quick);
    await client.unary(rpc.createCollection, createRequest());
    await client.unary(rpc.upsert, { collection: "docs", points: [point("a", [1, 2])] });
    const request = { collection: "docs", id: "a" };
    const none = client.unary(rpc.get, request);
    await expectFailure(none, "INTERNAL", "failed to perform GetVector: deadline not set");
    const timed = await client.unary(rpc.get, request, { deadline: Date.now() + 60_000 });
    expect(timed).toEqual({ point: point("a", [1, 2]) });
  });
});

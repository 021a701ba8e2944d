import { describe, expect, test } from "vitest";
import type { VectronClient } from "../src/index.ts";
import { collect, createClient } from "./support/clients.ts";
import { gatewayReply } from "./support/gateway.ts";
import { startServer } from "./support/http-server.ts";

interface Case {
  readonly call: (client: VectronClient) => Promise<unknown>;
  /** What the gateway answers. */
  readonly reply: object;
  readonly request: readonly [method: string, path: string, body: object | undefined];
  readonly result: unknown;
}

const SHARD = { shardId: 3, replicas: ["1", "2"], leaderId: "18446744073709551615", ready: true };
const STATUS = { name: "docs", dimension: 2, distance: "cosine", shards: [SHARD] };

const CASES: Readonly<Record<string, Case>> = {
  createCollection: {
    call: (client) =>
      client.createCollection({ name: "docs", dimension: 2, distance: "cosine" }, { waitUntilReady: false }),
    reply: { success: true },
    request: ["POST", "/v1/collections", { name: "docs", dimension: 2, distance: "cosine" }],
    result: undefined,
  },
  deleteCollection: {
    call: (client) => client.deleteCollection("my docs"),
    reply: { success: true },
    request: ["DELETE", "/v1/collections/my%20docs", undefined],
    result: undefined,
  },
  listCollections: {
    call: (client) => client.listCollections(),
    reply: { collections: ["b", "a"] },
    request: ["GET", "/v1/collections", undefined],
    result: ["a", "b"],
  },
  getCollectionStatus: {
    call: (client) => client.getCollectionStatus("docs"),
    reply: STATUS,
    request: ["GET", "/v1/collections/docs/status", undefined],
    result: STATUS,
  },
  upsert: {
    call: (client) => client.upsert("docs", [{ id: "a/b", vector: [1, 0.5], payload: { lang: "en" } }]),
    reply: { upserted: 1 },
    request: [
      "POST",
      "/v1/collections/docs/points",
      { collection: "docs", points: [{ id: "a/b", vector: [1, 0.5], payload: { lang: "en" } }] },
    ],
    result: 1,
  },
  search: {
    call: (client) => client.search("docs", { vector: [1, 2], topK: 3, includeVectors: true }),
    reply: { results: [{ id: "a", score: 0.5, payload: { lang: "en" }, vector: [1, "NaN"] }] },
    request: [
      "POST",
      "/v1/collections/docs/points/search",
      {
        collection: "docs",
        vector: [1, 2],
        topK: 3,
        query: "",
        timeoutMs: 0,
        includeVectors: true,
        includeMetadata: true,
      },
    ],
    result: [{ id: "a", score: 0.5, payload: { lang: "en" }, vector: new Float32Array([1, Number.NaN]) }],
  },
  get: {
    call: (client) => client.get("docs", "é:?#%"),
    reply: { point: { id: "é:?#%", vector: [1], payload: {} } },
    request: ["GET", "/v1/collections/docs/points/%C3%A9%3A%3F%23%25", undefined],
    result: { id: "é:?#%", vector: new Float32Array([1]), payload: {} },
  },
  delete: {
    call: (client) => client.delete("docs", "a"),
    reply: {},
    request: ["DELETE", "/v1/collections/docs/points/a", undefined],
    result: undefined,
  },
  submitFeedback: {
    call: (client) =>
      client.submitFeedback({
        collection: "docs",
        query: "q",
        items: [{ resultId: "a", relevanceScore: 5 }],
      }),
    reply: { success: true, feedbackId: "f-1" },
    request: [
      "POST",
      "/v1/feedback",
      {
        collection: "docs",
        query: "q",
        resultIds: ["a"],
        feedbackItems: [{ resultId: "a", relevanceScore: 5, clicked: false, position: 0, comment: "" }],
        context: {},
      },
    ],
    result: "f-1",
  },
  updateUserProfile: {
    call: (client) => client.updateUserProfile({ plan: "paid" }),
    reply: {
      user: { id: "u", email: "a@b.c", createdAt: "1700000000", plan: "PAID", subscriptionStatus: "ACTIVE" },
    },
    request: ["PUT", "/v1/user/profile", { plan: "PAID" }],
    result: {
      id: "u",
      email: "a@b.c",
      createdAt: new Date(1_700_000_000_000),
      plan: "paid",
      subscriptionStatus: "active",
    },
  },
};

describe.each(Object.entries(CASES))("%s", (_, { call, reply, request, result }) => {
  test("is the gateway's HTTP call, and its answer the result", async () => {
    const server = await startServer(gatewayReply(reply));
    const client = createClient({ baseUrl: `${server.url}/prefix/`, apiKey: "secret" });
    expect(await call(client)).toEqual(result);

    const [received] = server.received;
    const [method, path, body] = request;
    expect(received?.method).toBe(method);
    expect(received?.url).toBe(`/prefix${path}`);
    expect(received?.headers).toMatchObject({ accept: "application/json", authorization: "Bearer secret" });
    expect(received?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
    if (body === undefined) expect(received?.body).toBe("");
    else expect(JSON.parse(received?.body ?? "")).toEqual(body);
  });
});

describe("what a URL's path cannot carry", () => {
  test.each(["a/b", ".", "..", "/"])("%j is refused before anything is sent", async (name) => {
    const server = await startServer(gatewayReply({}));
    const client = createClient({ baseUrl: server.url });
    const calls = [
      client.get("docs", name),
      client.delete("docs", name),
      client.search(name, { vector: [1] }),
      client.getCollectionStatus(name),
      client.createCollection({ name, dimension: 1 }),
      client.deleteCollection(name),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({
        name: "InvalidArgumentError",
        message: expect.stringMatching(/cannot be addressed over HTTP: .*URL's path.*grpc-web or connect/s),
        attempts: [{ requestSent: "no" }],
      });
    }
    expect(server.received).toEqual([]);
  });
});

describe("searchStream", () => {
  const query = { vector: [1], includeVectors: true };

  test("answers with the one final result of a search when it may", async () => {
    const server = await startServer(
      gatewayReply({ results: [{ id: "a", score: 1, vector: [1], payload: {} }] }),
    );
    const client = createClient({ baseUrl: server.url, streamFallback: true });
    const snapshots = await collect(client.searchStream("docs", query));
    expect(snapshots).toEqual([[{ id: "a", score: 1, vector: new Float32Array([1]), payload: {} }]]);
    expect(server.received.map(({ url }) => url)).toEqual(["/v1/collections/docs/points/search"]);
  });

  test("is not implemented otherwise, and says what to do", async () => {
    const server = await startServer(gatewayReply({ results: [] }));
    const client = createClient({ baseUrl: server.url });
    await expect(client.searchStream("docs", query)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      name: "UnimplementedError",
      message: expect.stringMatching(/streamFallback: true.*grpc-web or connect/s),
    });
    expect(server.received).toEqual([]);
  });
});

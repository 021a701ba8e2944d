import { describe, expect, it } from "vitest";
import { InvalidArgumentError, type VectronClient } from "../../src/index.ts";
import { ALWAYS_REPLY, bench, collect, QUERY, rejection } from "../support.ts";

type Call = (client: VectronClient) => Promise<unknown>;

/** A call with a bad argument, and what its error says. */
type Row = readonly [what: string, call: Call, message: string];

const create =
  (config: object): Call =>
  (client) =>
    client.createCollection(config as never);
const upsert =
  (...points: unknown[]): Call =>
  (client) =>
    client.upsert("docs", points as never);
/** A handle whose payloads are written in this way. */
const handle = (client: VectronClient, encode: () => unknown) =>
  client.collection<unknown>("docs", { codec: { encode, decode: () => ({}) } as never });
const search =
  (query: unknown): Call =>
  (client) =>
    client.search("docs", query as never);
const feedback =
  (changes: object, item: object = {}): Call =>
  (client) =>
    client.submitFeedback({
      collection: "docs",
      items: [{ resultId: "a", relevanceScore: 3, ...item }],
      ...changes,
    } as never);

const INT32 = "an integer from 1 to 2147483647";

const COLLECTIONS: readonly Row[] = [
  ["no name", create({ dimension: 2 }), "name must be a string, got undefined"],
  ["an empty name", create({ name: "", dimension: 2 }), 'name must be a non-empty string, got ""'],
  ["a name that is no text", create({ name: 5, dimension: 2 }), "name must be a string, got 5"],
  [
    "a name with half a character",
    create({ name: "a\ud800", dimension: 2 }),
    "name must be well-formed Unicode",
  ],
  ["a dimension of 0", create({ name: "d", dimension: 0 }), `dimension must be ${INT32}, got 0`],
  ["a dimension of -1", create({ name: "d", dimension: -1 }), `dimension must be ${INT32}, got -1`],
  ["a dimension of 1.5", create({ name: "d", dimension: 1.5 }), `dimension must be ${INT32}, got 1.5`],
  ["a dimension of NaN", create({ name: "d", dimension: Number.NaN }), `dimension must be ${INT32}, got NaN`],
  [
    "a dimension of 2^31",
    create({ name: "d", dimension: 2 ** 31 }),
    `dimension must be ${INT32}, got 2147483648`,
  ],
  ["a dimension that is text", create({ name: "d", dimension: "4" }), `dimension must be ${INT32}, got "4"`],
  [
    "an unknown distance",
    create({ name: "d", dimension: 1, distance: "l2" }),
    'one of "cosine", "euclidean", "dot", got "l2"',
  ],
  ["a distance in capitals", create({ name: "d", dimension: 1, distance: "Cosine" }), 'got "Cosine"'],
  ["no distance at all", create({ name: "d", dimension: 1, distance: null }), "distance must be one of"],
  ["no configuration", (client) => client.createCollection(null as never), "collection must be an object"],
  [
    "an empty name to ensure",
    (client) => client.ensureCollection({ name: "", dimension: 1 }),
    "name must be",
  ],
  ["an empty name to delete", (client) => client.deleteCollection(""), "name must be a non-empty string"],
  ["an empty name to look at", (client) => client.getCollectionStatus(""), "name must be a non-empty string"],
  ["an empty name to wait for", (client) => client.waitUntilReady(""), "name must be a non-empty string"],
  [
    "a wait of no time",
    (client) => client.waitUntilReady("d", { readyTimeoutMs: 0 }),
    "options.readyTimeoutMs must be a number of milliseconds above 0",
  ],
  [
    "a waitUntilReady that is no boolean",
    (client) => client.createCollection({ name: "d", dimension: 1 }, { waitUntilReady: 1 as never }),
    "options.waitUntilReady must be true or false",
  ],
];

const VECTORS: readonly (readonly [string, unknown, string])[] = [
  ["none", undefined, "vector must be an array of numbers, got undefined"],
  ["text", "1,2", 'vector must be an array of numbers, got "1,2"'],
  ["an object", {}, "vector must be an array of numbers"],
  ["an object of no length", { length: -1 }, "vector must be an array of numbers"],
  ["empty", [], "vector must be a vector of at least one component, got an array of 0"],
  ["empty and typed", new Float32Array(), "vector must be a vector of at least one component"],
  ["NaN", [1, Number.NaN], "vector[1] must be a finite float32 number, got NaN"],
  ["Infinity", [Number.POSITIVE_INFINITY], "vector[0] must be a finite float32 number, got Infinity"],
  [
    "minus Infinity",
    [0, 0, 0, 0, Number.NEGATIVE_INFINITY],
    "vector[4] must be a finite float32 number, got -Infinity",
  ],
  [
    "NaN among typed numbers",
    new Float32Array([1, 2, 3, Number.NaN, 5]),
    "vector[3] must be a finite float32 number",
  ],
  ["beyond float32", [1e39], "vector[0] must be a finite float32 number, got 1e+39"],
  ["text among numbers", [1, "2"], 'vector[1] must be a number, got "2"'],
  ["a hole", Object.assign(new Array(3), { 0: 1, 2: 3 }), "vector[1] must be a number, got undefined"],
  ["null among numbers", [null], "vector[0] must be a number, got null"],
  ["bigints", new BigInt64Array(2), "vector[0] must be a number, got 0n"],
  [
    "a view without numbers",
    new DataView(new ArrayBuffer(4)),
    "vector must be an array of numbers, got an object of class DataView",
  ],
  ["longer than any vector", { length: 2 ** 31 }, "vector must be an array of numbers"],
];

const POINTS: readonly Row[] = [
  [
    "no list",
    (client) => client.upsert("docs", { id: "a", vector: [1] } as never),
    "points must be an array of points",
  ],
  [
    "an empty collection",
    (client) => client.upsert("", [{ id: "a", vector: [1] }]),
    "collection must be a non-empty string",
  ],
  ["nothing", upsert(undefined), "points[0] must be an object, got undefined"],
  ["an array", upsert([]), "points[0] must be an object, got an array of 0"],
  ["no id", upsert({ vector: [1] }), "points[0].id must be a string, got undefined"],
  ["an empty id", upsert({ id: "", vector: [1] }), 'points[0].id must be a non-empty string, got ""'],
  ["a number as id", upsert({ id: 5, vector: [1] }), "points[0].id must be a string, got 5"],
  [
    "an id with half a character",
    upsert({ id: "\udc00", vector: [1] }),
    "points[0].id must be well-formed Unicode",
  ],
  [
    "a second point of another dimension",
    upsert({ id: "a", vector: [1, 2] }, { id: "b", vector: [1] }),
    'points[1].vector must have 2 components, got 1 (point "b")',
  ],
  [
    "a payload that is text",
    upsert({ id: "a", vector: [1], payload: "x" }),
    "points[0].payload must be an object of strings",
  ],
  [
    "a payload that is null",
    upsert({ id: "a", vector: [1], payload: null }),
    "points[0].payload must be an object of strings",
  ],
  [
    "a payload that is a list",
    upsert({ id: "a", vector: [1], payload: [] }),
    "points[0].payload must be an object of strings",
  ],
  [
    "a Map",
    upsert({ id: "a", vector: [1], payload: new Map([["k", "v"]]) }),
    "points[0].payload must be an object of strings",
  ],
  [
    "a Set",
    upsert({ id: "a", vector: [1], payload: new Set(["v"]) }),
    "points[0].payload must be an object of strings",
  ],
  [
    "a payload that is still to come",
    upsert({ id: "a", vector: [1], payload: Promise.resolve({ k: "v" }) }),
    "points[0].payload must be an object of strings, got an object of class Promise",
  ],
  [
    "a payload that is a date",
    upsert({ id: "a", vector: [1], payload: new Date(0) }),
    "points[0].payload must be an object of strings, got an object of class Date",
  ],
  [
    "a number that a codec writes",
    (client) => handle(client, () => ({ year: 1984 })).upsert([{ id: "a", vector: [1] }]),
    "points[0].payload.year must be a string",
  ],
  [
    "a number that a codec writes later",
    (client) => handle(client, async () => ({ year: 1984 })).upsert([{ id: "a", vector: [1] }]),
    "points[0].payload.year must be a string",
  ],
  [
    "a number in a payload",
    upsert({ id: "a", vector: [1], payload: { year: 1984 } }),
    "points[0].payload.year must be a string (a collection with a schema writes other types), got 1984",
  ],
  [
    "half a character in a payload",
    upsert({ id: "a", vector: [1], payload: { title: "\ud800" } }),
    "points[0].payload.title must be well-formed Unicode",
  ],
  [
    "half a character in a payload's key",
    upsert({ id: "a", vector: [1], payload: { "\ud800": "x" } }),
    "points[0].payload key",
  ],
  ...VECTORS.map(
    ([what, vector, message]): Row => [
      `a vector: ${what}`,
      upsert({ id: "a", vector }),
      `points[0].${message}`,
    ],
  ),
];

const SEARCHES: readonly Row[] = [
  ["no query", search(undefined), "search must be an object, got undefined"],
  ["an empty collection", (client) => client.search("", QUERY), "collection must be a non-empty string"],
  ...[0, -1, 1.5, 2 ** 31, Number.NaN, "10", null].map(
    (topK): Row => [
      `topK ${topK}`,
      search({ ...QUERY, topK }),
      `topK must be ${INT32}, got ${JSON.stringify(topK) === "null" ? topK : JSON.stringify(topK)}`,
    ],
  ),
  ["a query that is no text", search({ ...QUERY, query: 5 }), "query must be a string, got 5"],
  [
    "includePayload that is no boolean",
    search({ ...QUERY, includePayload: 1 }),
    "includePayload must be true or false",
  ],
  [
    "includeVectors that is no boolean",
    search({ ...QUERY, includeVectors: "y" }),
    "includeVectors must be true or false",
  ],
  ["workerTimeoutMs 0", search({ ...QUERY, workerTimeoutMs: 0 }), `workerTimeoutMs must be ${INT32}`],
  ...VECTORS.map(([what, vector, message]): Row => [`a vector: ${what}`, search({ vector }), message]),
  [
    "a stream of a bad vector",
    (client) => collect(client.searchStream("docs", { vector: [Number.NaN] })),
    "vector[0]",
  ],
];

const IDS: readonly Row[] = [
  ["an empty id to get", (client) => client.get("docs", ""), "id must be a non-empty string"],
  ["no id to get", (client) => client.get("docs", undefined as never), "id must be a string"],
  [
    "an empty collection to get from",
    (client) => client.get("", "a"),
    "collection must be a non-empty string",
  ],
  ["an empty id to delete", (client) => client.delete("docs", ""), "id must be a non-empty string"],
  ["half a character", (client) => client.get("docs", "\ud800"), "id must be well-formed Unicode"],
  ["no list", (client) => client.getMany("docs", "ab" as never), 'ids must be an array, got "ab"'],
  [
    "an empty id among many",
    (client) => client.getMany("docs", ["a", ""]),
    "ids[1] must be a non-empty string",
  ],
  ["a hole among ids", (client) => client.getMany("docs", new Array(1)), "ids[0] must be a string"],
  ["an empty id among many to delete", (client) => client.deleteMany("docs", ["a", ""]), "ids[1] must be"],
  [
    "no search among many",
    (client) => client.searchMany("docs", [QUERY, 5 as never]),
    "searches[1] must be an object",
  ],
];

const FEEDBACK: readonly Row[] = [
  ["nothing", (client) => client.submitFeedback(undefined as never), "feedback must be an object"],
  ["an empty collection", feedback({ collection: "" }), "collection must be a non-empty string"],
  [
    "no items",
    feedback({ items: [] }),
    "items must be an array of at least one feedback item, got an array of 0",
  ],
  ["items that are no list", feedback({ items: {} }), "items must be an array of at least one"],
  ["an item that is none", feedback({ items: [5] }), "items[0] must be an object"],
  ["a hole among items", feedback({ items: new Array(1) }), "items[0] must be an object, got undefined"],
  ["an empty result id", feedback({}, { resultId: "" }), "items[0].resultId must be a non-empty string"],
  [
    "a relevance of 0",
    feedback({}, { relevanceScore: 0 }),
    "items[0].relevanceScore must be an integer from 1 to 5, got 0",
  ],
  ["a relevance of 6", feedback({}, { relevanceScore: 6 }), "items[0].relevanceScore"],
  ["a relevance of 2.5", feedback({}, { relevanceScore: 2.5 }), "items[0].relevanceScore"],
  [
    "a position before the first",
    feedback({}, { position: -1 }),
    "items[0].position must be an integer from 0",
  ],
  ["a click that is no boolean", feedback({}, { clicked: 1 }), "items[0].clicked must be true or false"],
  ["a comment that is no text", feedback({}, { comment: 1 }), "items[0].comment must be a string"],
  ["result ids that are no list", feedback({ resultIds: "a" }), 'resultIds must be an array of ids, got "a"'],
  ["an empty id among result ids", feedback({ resultIds: [""] }), "resultIds[0] must be a non-empty string"],
  ["a number in the context", feedback({ context: { n: 1 } }), "context.n must be a string"],
  ["a query that is no text", feedback({ query: 1 }), "query must be a string"],
  [
    "an unknown plan",
    (client) => client.updateUserProfile({ plan: "FREE" as never }),
    'plan must be one of "free", "paid", got "FREE"',
  ],
  ["no profile", (client) => client.updateUserProfile(undefined as never), "profile must be an object"],
];

const TABLES = { COLLECTIONS, POINTS, SEARCHES, IDS, FEEDBACK };

describe.each(Object.entries(TABLES))("bad arguments are refused with nothing sent: %s", (_name, rows) => {
  it.each(rows)("%s", async (_what, call, message) => {
    const { clock, client, transport } = bench(ALWAYS_REPLY);
    const error = await rejection(InvalidArgumentError, call(client));
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", retryable: false, attempts: [] });
    expect(transport.calls).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("bad arguments that throw at once", () => {
  it("are those of a handle", () => {
    const { client } = bench(ALWAYS_REPLY);
    expect(() => client.collection("")).toThrow("collection must be a non-empty string");
    expect(() => client.collection("docs", { dimension: 0 })).toThrow("options.dimension must be an integer");
    expect(() => client.collection("docs", { distance: "l2" as never })).toThrow(
      "options.distance must be one of",
    );
    expect(() => client.collection("docs").similarity(1)).toThrow("does not know its distance");
  });
});

describe("the expected dimension", () => {
  it("is checked in every point and query", async () => {
    const { client, transport } = bench(ALWAYS_REPLY, { expectedDimension: 3 });
    for (const call of [upsert({ id: "a", vector: [1] }), search({ vector: [1] })]) {
      const error = await rejection(InvalidArgumentError, call(client));
      expect(error.message).toContain("vector must have 3 components, got 1");
    }
    expect(transport.calls).toEqual([]);
  });

  it("is a handle's own before the client's", async () => {
    const { client } = bench(ALWAYS_REPLY, { expectedDimension: 3 });
    await client.collection("docs", { dimension: 1 }).search({ vector: [1] });
    await rejection(InvalidArgumentError, client.collection("docs").search({ vector: [1] }));
  });
});

import type { ErrorCode, MethodDescriptor } from "@vectron/core";
import { type Point, vectronService as rpc } from "@vectron/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { vectronHandlers } from "../../src/service/vectron-service.ts";
import { InProcessTransport } from "../../src/transport/in-process-transport.ts";
import { call, callStream, createRequest, expectFailure, point, searchRequest } from "../support/calls.ts";

const NAN = Float32Array.of(0, Number.NaN);

interface Refusal {
  readonly what: string;
  readonly method: MethodDescriptor<unknown, unknown>;
  readonly message: unknown;
  readonly code: ErrorCode;
  readonly text: string;
}

/** Refusals of one method: what is wrong, with which message, and what the service says. */
function refusals<I>(
  method: MethodDescriptor<I, unknown>,
  cases: readonly (readonly [what: string, message: I, code: ErrorCode, text: string])[],
): Refusal[] {
  return cases.map(([what, message, code, text]) => ({ what, method, message, code, text }));
}

const feedback = (overrides: object) => ({
  collection: "docs",
  query: "",
  resultIds: [],
  feedbackItems: [{ resultId: "a", relevanceScore: 3, clicked: false, position: 0, comment: "" }],
  context: {},
  ...overrides,
});
const rated = (relevanceScore: number) =>
  feedback({ feedbackItems: [{ resultId: "a", relevanceScore, clicked: false, position: 0, comment: "" }] });
const upsert = (points: Point[], collection = "docs") => ({ collection, points });

const REFUSALS: readonly Refusal[] = [
  ...refusals(rpc.createCollection, [
    ["no name", createRequest({ name: "" }), "INVALID_ARGUMENT", "collection name cannot be empty"],
    [
      "dimension 0",
      createRequest({ name: "x", dimension: 0 }),
      "INVALID_ARGUMENT",
      "dimension must be a positive number",
    ],
    [
      "dimension -1",
      createRequest({ name: "x", dimension: -1 }),
      "INVALID_ARGUMENT",
      "dimension must be a positive number",
    ],
    [
      "name before dimension",
      createRequest({ name: "", dimension: 0 }),
      "INVALID_ARGUMENT",
      "collection name cannot be empty",
    ],
    [
      "a huge dimension",
      createRequest({ name: "x", dimension: 65_537 }),
      "INVALID_ARGUMENT",
      "dimension must be at most 65536",
    ],
    [
      "an unknown distance",
      createRequest({ name: "x", distance: "l2" }),
      "INVALID_ARGUMENT",
      'distance must be one of cosine, euclidean, dot, got "l2"',
    ],
    [
      "a distance in upper case",
      createRequest({ name: "x", distance: "COSINE" }),
      "INVALID_ARGUMENT",
      'distance must be one of cosine, euclidean, dot, got "COSINE"',
    ],
    ["a duplicate", createRequest(), "ALREADY_EXISTS", "collection 'docs' already exists"],
    [
      "a duplicate of another shape",
      createRequest({ dimension: 9 }),
      "ALREADY_EXISTS",
      "collection 'docs' already exists",
    ],
  ]),
  ...refusals(rpc.deleteCollection, [
    ["no name", { name: "" }, "INVALID_ARGUMENT", "collection name cannot be empty"],
    ["a missing collection", { name: "x" }, "NOT_FOUND", "collection 'x' not found"],
  ]),
  ...refusals(rpc.getCollectionStatus, [
    ["no name", { name: "" }, "INVALID_ARGUMENT", "collection name is required"],
    ["a missing collection", { name: "x" }, "NOT_FOUND", "collection 'x' not found"],
    ["a name special to JavaScript", { name: "__proto__" }, "NOT_FOUND", "collection '__proto__' not found"],
  ]),
  ...refusals(rpc.upsert, [
    [
      "no collection",
      upsert([point("a", [1, 2])], ""),
      "INVALID_ARGUMENT",
      "collection name cannot be empty",
    ],
    ["no points", upsert([]), "INVALID_ARGUMENT", "at least one point is required for upsert"],
    [
      "an empty id",
      upsert([point("a", [1, 2]), point("", [1, 2])]),
      "INVALID_ARGUMENT",
      "point ID cannot be empty",
    ],
    ["an empty vector", upsert([point("a", [])]), "INVALID_ARGUMENT", "point vector cannot be empty"],
    ["id before vector", upsert([point("", [])]), "INVALID_ARGUMENT", "point ID cannot be empty"],
    [
      "points before collection",
      upsert([point("a", [])], "x"),
      "INVALID_ARGUMENT",
      "point vector cannot be empty",
    ],
    ["a missing collection", upsert([point("a", [1])], "x"), "NOT_FOUND", "collection 'x' not found"],
    [
      "a wrong dimension",
      upsert([point("a", [1, 2]), point("b", [1, 2, 3])]),
      "INVALID_ARGUMENT",
      "vector dimension 3 does not match index dimension 2",
    ],
    [
      "NaN",
      upsert([point("a", [1, 2]), { id: "b", vector: NAN, payload: {} }]),
      "INVALID_ARGUMENT",
      'vector of point "b" must be finite, component 1 is NaN',
    ],
    [
      "an infinity",
      upsert([point("b", [Number.NEGATIVE_INFINITY, 2])]),
      "INVALID_ARGUMENT",
      'vector of point "b" must be finite, component 0 is -Infinity',
    ],
  ]),
  ...refusals(rpc.search, [
    [
      "no collection",
      searchRequest({ collection: "" }),
      "INVALID_ARGUMENT",
      "collection name cannot be empty",
    ],
    [
      "no vector",
      searchRequest({ vector: new Float32Array(0) }),
      "INVALID_ARGUMENT",
      "search vector cannot be empty",
    ],
    [
      "vector before collection",
      searchRequest({ collection: "x", vector: new Float32Array(0) }),
      "INVALID_ARGUMENT",
      "search vector cannot be empty",
    ],
    ["a missing collection", searchRequest({ collection: "x" }), "NOT_FOUND", "collection 'x' not found"],
    [
      "a wrong dimension",
      searchRequest({ vector: Float32Array.of(1) }),
      "INVALID_ARGUMENT",
      "search vector dimension 1 does not match index dimension 2",
    ],
    [
      "NaN",
      searchRequest({ vector: NAN }),
      "INVALID_ARGUMENT",
      "search vector must be finite, component 1 is NaN",
    ],
  ]),
  ...refusals(rpc.get, [
    ["no collection", { collection: "", id: "a" }, "INVALID_ARGUMENT", "collection name is required"],
    ["a missing collection", { collection: "x", id: "a" }, "NOT_FOUND", "collection 'x' not found"],
    ["a missing point", { collection: "docs", id: "nope" }, "NOT_FOUND", "vector with id nope not found"],
    ["an empty id", { collection: "docs", id: "" }, "NOT_FOUND", "vector with id  not found"],
  ]),
  ...refusals(rpc.delete, [
    ["no collection", { collection: "", id: "a" }, "INVALID_ARGUMENT", "collection name is required"],
    ["a missing collection", { collection: "x", id: "a" }, "NOT_FOUND", "collection 'x' not found"],
  ]),
  ...refusals(rpc.submitFeedback, [
    ["no collection", feedback({ collection: "" }), "INVALID_ARGUMENT", "collection name cannot be empty"],
    ["no items", feedback({ feedbackItems: [] }), "INVALID_ARGUMENT", "feedback items cannot be empty"],
    ["a score of 0", rated(0), "INVALID_ARGUMENT", "relevance score must be between 1 and 5"],
    ["a score of 6", rated(6), "INVALID_ARGUMENT", "relevance score must be between 1 and 5"],
  ]),
];

describe("the service refuses", () => {
  let transport: InProcessTransport;

  beforeEach(async () => {
    transport = new InProcessTransport({ handlers: vectronHandlers(new Engine()), endpoint: "test" });
    await call(transport, rpc.createCollection, createRequest());
    await call(transport, rpc.upsert, { collection: "docs", points: [point("kept", [5, 5], { k: "v" })] });
  });

  it.each(REFUSALS)("$method.name: $what", async ({ method, message, code, text }) => {
    await expectFailure(call(transport, method, message), code, text);
    // Nothing of a refused call has happened.
    expect((await call(transport, rpc.listCollections, {})).collections).toEqual(["docs"]);
    const found = await call(transport, rpc.search, searchRequest({ includeMetadata: true }));
    expect(found.results.map(({ id, payload }) => ({ id, payload }))).toEqual([
      { id: "kept", payload: { k: "v" } },
    ]);
  });

  it.each([
    ["no collection", { collection: "" }, "INVALID_ARGUMENT", "collection name cannot be empty"],
    ["no vector", { vector: new Float32Array(0) }, "INVALID_ARGUMENT", "search vector cannot be empty"],
    ["a missing collection", { collection: "x" }, "NOT_FOUND", "collection 'x' not found"],
    [
      "a wrong dimension",
      { vector: Float32Array.of(1), includeVectors: true },
      "INVALID_ARGUMENT",
      "search vector dimension 1 does not match index dimension 2",
    ],
    [
      "vectors",
      { includeVectors: true },
      "INVALID_ARGUMENT",
      "include_vectors is not supported on SearchStream",
    ],
    ["NaN", { vector: NAN }, "INVALID_ARGUMENT", "search vector must be finite, component 1 is NaN"],
  ] as const)("SearchStream: %s", async (_what, overrides, code, text) => {
    await expectFailure(callStream(transport, searchRequest(overrides)), code, text);
  });
});

import type { SearchQuery, VectronClient } from "@vectron/core";
import type { ConformanceCase } from "../conformance-case.ts";
import { firstOf, type InvalidInput, invalidInputCases } from "./invalid-table.ts";

interface BadQuery {
  readonly id: string;
  readonly query: unknown;
  readonly names: readonly string[];
}

const vector = [1, 2];

const QUERIES: readonly BadQuery[] = [
  ...[0, -1, 1.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY].map((topK) => ({
    id: `topK-${topK}`,
    query: { vector, topK },
    names: ["topK", `got ${topK}`],
  })),
  { id: "topK-as-text", query: { vector, topK: "10" }, names: ["topK", 'got "10"'] },
  { id: "topK-null", query: { vector, topK: null }, names: ["topK", "got null"] },
  { id: "vector-absent", query: {}, names: ["vector", "undefined"] },
  { id: "vector-empty", query: { vector: [] }, names: ["vector"] },
  { id: "vector-text", query: { vector: "1,2" }, names: ["vector", '"1,2"'] },
  { id: "component-nan", query: { vector: [1, Number.NaN] }, names: ["vector[1]", "NaN"] },
  {
    id: "component-infinity",
    query: { vector: [Number.POSITIVE_INFINITY, 1] },
    names: ["vector[0]", "Infinity"],
  },
  { id: "component-beyond-float32", query: { vector: [1, 2, -1e39] }, names: ["vector[2]", "-1e+39"] },
  { id: "component-text", query: { vector: [1, "2"] }, names: ["vector[1]", '"2"'] },
  {
    id: "float32-component-nan",
    query: { vector: Float32Array.of(Number.NaN) },
    names: ["vector[0]", "NaN"],
  },
  { id: "includePayload-text", query: { vector, includePayload: "no" }, names: ["includePayload", '"no"'] },
  { id: "includeVectors-number", query: { vector, includeVectors: 1 }, names: ["includeVectors", "1"] },
  { id: "query-number", query: { vector, query: 7 }, names: ["query", "7"] },
  { id: "query-lone-surrogate", query: { vector, query: "\uD83D" }, names: ["query", "surrogate"] },
  ...[0, -1, 1.5, 2 ** 31].map((workerTimeoutMs) => ({
    id: `workerTimeoutMs-${workerTimeoutMs}`,
    query: { vector, workerTimeoutMs },
    names: ["workerTimeoutMs", `got ${workerTimeoutMs}`],
  })),
  { id: "unknown-option", query: { vector, limit: 10 }, names: ["limit"] },
  { id: "seed-option", query: { vector, top_k: 10 }, names: ["top_k"] },
  { id: "bare-vector", query: vector, names: ["search", "array"] },
  { id: "nothing", query: undefined, names: ["search", "undefined"] },
];

const inputs: InvalidInput[] = QUERIES.flatMap(({ id, query, names }) => [
  { id: `search-${id}`, call: (client) => client.search("docs", query as SearchQuery), names },
  {
    id: `searchStream-${id}`,
    call: (client) => firstOf(client.searchStream("docs", query as SearchQuery)),
    names,
  },
]);

const many: InvalidInput[] = [
  {
    id: "searchMany-one-query",
    call: (client) => client.searchMany("docs", { vector } as never),
    names: ["searches", "array"],
  },
  {
    id: "searchMany-null-query",
    call: (client) => client.searchMany("docs", [{ vector }, null as never]),
    names: ["searches[1]", "null"],
  },
  {
    id: "searchMany-topK-0",
    call: (client: VectronClient) => client.searchMany("docs", [{ vector, topK: 0 }]),
    names: ["topK", "got 0"],
  },
  {
    id: "searchMany-second-topK-0",
    call: (client: VectronClient) => client.searchMany("docs", [{ vector }, { vector, topK: 0 }]),
    names: ["searches[1]", "topK", "got 0"],
  },
];

export const invalidSearchCases: readonly ConformanceCase[] = invalidInputCases([...inputs, ...many]);

import type { PointInput, VectronClient } from "@vectron/core";
import type { ConformanceCase } from "../conformance-case.ts";
import { type InvalidInput, invalidInputCases, LONE_SURROGATES } from "./invalid-table.ts";

const good = { id: "good", vector: [1, 2] };

function upsertOf(...points: unknown[]): (client: VectronClient) => unknown {
  return (client) => client.upsert("docs", points as PointInput[]);
}

/** A number that no float32 can be, by its place in the second point's vector. */
const BAD_COMPONENTS: readonly { readonly id: string; readonly value: unknown; readonly shown: string }[] = [
  { id: "nan", value: Number.NaN, shown: "NaN" },
  { id: "infinity", value: Number.POSITIVE_INFINITY, shown: "Infinity" },
  { id: "minus-infinity", value: Number.NEGATIVE_INFINITY, shown: "-Infinity" },
  { id: "beyond-float32", value: 1e39, shown: "1e+39" },
  { id: "text", value: "2", shown: '"2"' },
  { id: "null", value: null, shown: "null" },
  { id: "hole", value: undefined, shown: "undefined" },
  { id: "bigint", value: 2n, shown: "2n" },
];

const BAD_VECTORS: readonly { readonly id: string; readonly value: unknown; readonly shown: string }[] = [
  { id: "absent", value: undefined, shown: "undefined" },
  { id: "null", value: null, shown: "null" },
  { id: "empty", value: [], shown: "" },
  { id: "empty-float32", value: new Float32Array(0), shown: "" },
  { id: "text", value: "1,2", shown: '"1,2"' },
  { id: "number", value: 7, shown: "7" },
  { id: "object", value: { x: 1, y: 2 }, shown: "" },
];

const BAD_PAYLOADS: readonly {
  readonly id: string;
  readonly payload: unknown;
  readonly names: readonly string[];
}[] = [
  { id: "number", payload: { year: 1843 }, names: ["year", "1843"] },
  { id: "null", payload: { year: null }, names: ["year", "null"] },
  { id: "undefined", payload: { year: undefined }, names: ["year", "undefined"] },
  { id: "object", payload: { nested: { a: "b" } }, names: ["nested"] },
  { id: "array-value", payload: { tags: ["a"] }, names: ["tags"] },
  { id: "array", payload: ["a"], names: [] },
  { id: "text", payload: "a", names: ['"a"'] },
  { id: "null-itself", payload: null, names: ["null"] },
  { id: "map", payload: new Map([["a", "b"]]), names: [] },
  { id: "lone-surrogate-in-value", payload: { emoji: "\uD83D" }, names: ["emoji", "surrogate"] },
  { id: "lone-surrogate-in-key", payload: { "\uD83D": "emoji" }, names: ["surrogate"] },
];

const BAD_IDS: readonly {
  readonly id: string;
  readonly value: unknown;
  readonly names: readonly string[];
}[] = [
  { id: "empty", value: "", names: ['got ""'] },
  { id: "absent", value: undefined, names: ["got undefined"] },
  { id: "null", value: null, names: ["got null"] },
  { id: "number", value: 42, names: ["got 42"] },
  ...LONE_SURROGATES.map((value, index) => ({
    id: `lone-surrogate-${index + 1}`,
    value,
    names: ["surrogate"],
  })),
];

const points: InvalidInput[] = [
  ...BAD_COMPONENTS.map(({ id, value, shown }) => ({
    id: `upsert-component-${id}`,
    call: upsertOf(good, { id: "culprit", vector: [1, value] }),
    names: ["points[1].vector[1]", shown, '"culprit"'],
  })),
  ...[Number.NaN, Number.NEGATIVE_INFINITY].map((value) => ({
    id: `upsert-float32-component-${value}`,
    call: upsertOf(good, good, { id: "culprit", vector: Float32Array.of(value, 1) }),
    names: ["points[2].vector[0]", String(value), '"culprit"'],
  })),
  {
    id: "upsert-component-deep-inside",
    call: upsertOf({
      id: "culprit",
      vector: Float32Array.from({ length: 385 }, (_, index) => (index === 383 ? Number.NaN : 1)),
    }),
    names: ["points[0].vector[383]", "NaN", '"culprit"'],
  },
  ...BAD_VECTORS.map(({ id, value, shown }) => ({
    id: `upsert-vector-${id}`,
    call: upsertOf(good, { id: "culprit", vector: value }),
    names: ["points[1].vector", shown, '"culprit"'],
  })),
  {
    id: "upsert-mixed-dimensions",
    call: upsertOf(good, { id: "culprit", vector: [1, 2, 3] }),
    names: ["points[1].vector", "2", "3", '"culprit"'],
  },
  ...BAD_PAYLOADS.map(({ id, payload, names }) => ({
    id: `upsert-payload-${id}`,
    call: upsertOf(good, { id: "culprit", vector: [1, 2], payload }),
    names: ["points[1].payload", ...names],
  })),
  ...BAD_IDS.map(({ id, value, names }) => ({
    id: `upsert-id-${id}`,
    call: upsertOf(good, { id: value, vector: [1, 2] }),
    names: ["points[1].id", ...names],
  })),
  {
    id: "upsert-unknown-field",
    call: upsertOf({ ...good, metadata: { lang: "en" } }),
    names: ["points[0]", "metadata"],
  },
  { id: "upsert-null-point", call: upsertOf(good, null), names: ["points[1]", "null"] },
  {
    id: "upsert-one-point",
    call: (client) => client.upsert("docs", good as never),
    names: ["points", "array"],
  },
  {
    id: "upsert-no-points",
    call: (client) => client.upsert("docs", undefined as never),
    names: ["points", "undefined"],
  },
];

const ids: InvalidInput[] = BAD_IDS.flatMap(({ id, value, names }) => [
  { id: `get-id-${id}`, call: (client) => client.get("docs", value as string), names: ["id", ...names] },
  {
    id: `delete-id-${id}`,
    call: (client) => client.delete("docs", value as string),
    names: ["id", ...names],
  },
  {
    id: `getMany-id-${id}`,
    call: (client) => client.getMany("docs", ["good", value as string]),
    names: ["ids[1]", ...names],
  },
  {
    id: `deleteMany-id-${id}`,
    call: (client) => client.deleteMany("docs", ["good", value as string]),
    names: ["ids[1]", ...names],
  },
]);

const lists: InvalidInput[] = [
  {
    id: "getMany-ids-are-text",
    call: (client) => client.getMany("docs", "abc" as never),
    names: ["ids", '"abc"'],
  },
  {
    id: "deleteMany-no-ids",
    call: (client) => client.deleteMany("docs", undefined as never),
    names: ["ids", "undefined"],
  },
];

export const invalidPointCases: readonly ConformanceCase[] = invalidInputCases([...points, ...ids, ...lists]);

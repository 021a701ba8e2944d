import {
  type BulkOptions,
  type CallOptions,
  type ClientOptions,
  InvalidArgumentError,
  type VectronClient,
} from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { firstOf, type InvalidInput, invalidInputCases } from "./invalid-table.ts";

interface BadOptions {
  readonly id: string;
  readonly options: object;
  readonly names: readonly string[];
}

const CALL_OPTIONS: readonly BadOptions[] = [
  ...[0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY].map((timeoutMs) => ({
    id: `timeoutMs-${timeoutMs}`,
    options: { timeoutMs },
    names: ["timeoutMs", `got ${timeoutMs}`],
  })),
  { id: "timeoutMs-text", options: { timeoutMs: "5s" }, names: ["timeoutMs", '"5s"'] },
  { id: "unknown", options: { timeout: 5_000 }, names: ["timeout"] },
  { id: "signal-flag", options: { signal: true }, names: ["signal", "true"] },
  {
    id: "headers-authorization",
    options: { headers: { Authorization: "Bearer x" } },
    names: ["headers", "authorization"],
  },
  { id: "headers-name", options: { headers: { "a b": "c" } }, names: ["headers", "a b"] },
  { id: "headers-value", options: { headers: { a: "line\nbreak" } }, names: ["headers", "a"] },
  { id: "headers-number", options: { headers: { a: 1 } }, names: ["headers", "a"] },
  {
    id: "retry-maxAttempts-0",
    options: { retry: { maxAttempts: 0 } },
    names: ["retry.maxAttempts", "got 0"],
  },
  { id: "retry-unknown", options: { retry: { attempts: 3 } }, names: ["retry", "attempts"] },
  {
    id: "retry-code",
    options: { retry: { codes: ["unavailable"] } },
    names: ["retry.codes[0]", '"unavailable"'],
  },
  { id: "retry-jitter-2", options: { retry: { jitter: 2 } }, names: ["retry.jitter", "got 2"] },
  { id: "hedge-delayMs", options: { hedge: { delayMs: -1 } }, names: ["hedge.delayMs", "got -1"] },
  { id: "hedge-unknown", options: { hedge: { delay: 75 } }, names: ["hedge", "delay"] },
  { id: "onResponse-text", options: { onResponse: "log" }, names: ["onResponse", '"log"'] },
];

/** Every call that takes options, as its last parameter. */
const CALLS: Readonly<Record<string, (client: VectronClient, options: CallOptions) => unknown>> = {
  createCollection: (client, options) => client.createCollection({ name: "x", dimension: 2 }, options),
  ensureCollection: (client, options) => client.ensureCollection({ name: "x", dimension: 2 }, options),
  deleteCollection: (client, options) => client.deleteCollection("x", options),
  listCollections: (client, options) => client.listCollections(options),
  getCollectionStatus: (client, options) => client.getCollectionStatus("x", options),
  waitUntilReady: (client, options) => client.waitUntilReady("x", options),
  upsert: (client, options) => client.upsert("x", [{ id: "a", vector: [1, 2] }], options),
  get: (client, options) => client.get("x", "a", options),
  delete: (client, options) => client.delete("x", "a", options),
  search: (client, options) => client.search("x", { vector: [1, 2] }, options),
  searchStream: (client, options) => firstOf(client.searchStream("x", { vector: [1, 2] }, options)),
  getMany: (client, options) => client.getMany("x", ["a"], options),
  deleteMany: (client, options) => client.deleteMany("x", ["a"], options),
  searchMany: (client, options) => client.searchMany("x", [{ vector: [1, 2] }], options),
  submitFeedback: (client, options) =>
    client.submitFeedback({ collection: "x", items: [{ resultId: "a", relevanceScore: 5 }] }, options),
  updateUserProfile: (client, options) => client.updateUserProfile({ plan: "free" }, options),
};

const callOptions: InvalidInput[] = [
  ...CALL_OPTIONS.map(({ id, options, names }) => ({
    id: `call-options-${id}`,
    call: (client: VectronClient) => client.search("x", { vector: [1, 2] }, options as CallOptions),
    names,
  })),
  ...Object.entries(CALLS).flatMap(([method, call]) => [
    {
      id: `${method}-options-unknown`,
      call: (client: VectronClient) => call(client, { timeout: 5 } as CallOptions),
      names: ["timeout"],
    },
    {
      id: `${method}-options-timeoutMs-0`,
      call: (client: VectronClient) => call(client, { timeoutMs: 0 }),
      names: ["timeoutMs", "got 0"],
    },
  ]),
  ...[0, -1, 1.5, 1_025].map((concurrency) => ({
    id: `getMany-concurrency-${concurrency}`,
    call: (client: VectronClient) => client.getMany("x", ["a"], { concurrency }),
    names: ["concurrency", `got ${concurrency}`],
  })),
  {
    id: "getMany-settled-text",
    call: (client) => client.getMany("x", ["a"], { settled: "yes" as never }),
    names: ["settled", '"yes"'],
  },
  ...[0, -1, Number.NaN].map((readyTimeoutMs) => ({
    id: `waitUntilReady-readyTimeoutMs-${readyTimeoutMs}`,
    call: (client: VectronClient) => client.waitUntilReady("x", { readyTimeoutMs }),
    names: ["readyTimeoutMs", `got ${readyTimeoutMs}`],
  })),
  {
    id: "createCollection-waitUntilReady-text",
    call: (client) => client.createCollection({ name: "x", dimension: 2 }, { waitUntilReady: "no" as never }),
    names: ["waitUntilReady", '"no"'],
  },
];

const point = { id: "a", vector: [1, 2] };

const BULK_OPTIONS: readonly BadOptions[] = [
  ...["concurrency", "maxBatchPoints", "maxBatchBytes", "maxRejected"].flatMap((option) =>
    [0, 1.5].map((value) => ({
      id: `${option}-${value}`,
      options: { [option]: value },
      names: [option, `got ${value}`],
    })),
  ),
  { id: "onError", options: { onError: "skip" }, names: ["onError", '"skip"'] },
  { id: "onProgress", options: { onProgress: true }, names: ["onProgress", "true"] },
  { id: "resumeFrom", options: { resumeFrom: { records: -1 } }, names: ["resumeFrom.records", "got -1"] },
  { id: "timeoutMs", options: { timeoutMs: 0 }, names: ["timeoutMs", "got 0"] },
  { id: "unknown", options: { batchSize: 100 }, names: ["batchSize"] },
];

const bulk: InvalidInput[] = [
  ...BULK_OPTIONS.flatMap(({ id, options, names }) => [
    {
      id: `bulkUpsert-options-${id}`,
      call: (client: VectronClient) => client.bulkUpsert("x", [point], options as BulkOptions),
      names,
    },
    {
      id: `bulkWriter-options-${id}`,
      call: (client: VectronClient) => client.bulkWriter("x", options as BulkOptions),
      names,
    },
  ]),
  {
    id: "bulkUpsert-no-source",
    call: (client) => client.bulkUpsert("x", undefined as never),
    names: ["source", "undefined"],
  },
  { id: "bulkUpsert-one-point", call: (client) => client.bulkUpsert("x", point as never), names: ["source"] },
];

const FEEDBACK_ITEM = { resultId: "a", relevanceScore: 5 };

const account: InvalidInput[] = [
  ...[0, 6, 1.5, -1, Number.NaN].map((relevanceScore) => ({
    id: `submitFeedback-relevanceScore-${relevanceScore}`,
    call: (client: VectronClient) =>
      client.submitFeedback({ collection: "x", items: [FEEDBACK_ITEM, { resultId: "b", relevanceScore }] }),
    names: ["items[1].relevanceScore", `got ${relevanceScore}`],
  })),
  {
    id: "submitFeedback-no-items",
    call: (client) => client.submitFeedback({ collection: "x", items: [] }),
    names: ["items"],
  },
  {
    id: "submitFeedback-empty-resultId",
    call: (client) =>
      client.submitFeedback({ collection: "x", items: [{ resultId: "", relevanceScore: 5 }] }),
    names: ["items[0].resultId", 'got ""'],
  },
  {
    id: "submitFeedback-position",
    call: (client) => client.submitFeedback({ collection: "x", items: [{ ...FEEDBACK_ITEM, position: -1 }] }),
    names: ["items[0].position", "got -1"],
  },
  {
    id: "submitFeedback-context",
    call: (client) =>
      client.submitFeedback({ collection: "x", items: [FEEDBACK_ITEM], context: { user_id: 7 } as never }),
    names: ["context", "user_id", "7"],
  },
  {
    id: "submitFeedback-unknown-field",
    call: (client) => client.submitFeedback({ collection: "x", items: [FEEDBACK_ITEM], score: 5 } as never),
    names: ["score"],
  },
  {
    id: "updateUserProfile-plan",
    call: (client) => client.updateUserProfile({ plan: "gold" as never }),
    names: ["plan", '"gold"'],
  },
  {
    id: "updateUserProfile-unknown-field",
    call: (client) => client.updateUserProfile({ plan: "paid", email: "a@example.com" } as never),
    names: ["email"],
  },
];

const handles: InvalidInput[] = [
  {
    id: "handle-dimension",
    call: (client) => client.collection("x", { dimension: 0 }),
    names: ["dimension", "got 0"],
  },
  {
    id: "handle-distance",
    call: (client) => client.collection("x", { distance: "l2" as never }),
    names: ["distance", '"l2"'],
  },
  {
    id: "handle-unknown-option",
    call: (client) => client.collection("x", { metric: "dot" } as never),
    names: ["metric"],
  },
];

const CLIENT_OPTIONS: readonly BadOptions[] = [
  { id: "timeoutMs", options: { timeoutMs: -1 }, names: ["timeoutMs", "got -1"] },
  { id: "unknown", options: { timeout: 5_000 }, names: ["timeout"] },
  { id: "expectedDimension", options: { expectedDimension: 1.5 }, names: ["expectedDimension", "got 1.5"] },
  { id: "interceptors", options: { interceptors: [42] }, names: ["interceptors[0]", "got 42"] },
  { id: "observers", options: { observers: {} }, names: ["observers", "array"] },
  { id: "retry", options: { retry: { multiplier: 0 } }, names: ["retry.multiplier", "got 0"] },
  {
    id: "retry-both-names",
    options: { retry: { nonIdempotent: true, retryOnWrites: true } },
    names: ["nonIdempotent", "retryOnWrites"],
  },
  { id: "hedge", options: { hedge: 75 }, names: ["hedge", "got 75"] },
];

/** Of clients that take a key. */
const KEY_OPTIONS: readonly BadOptions[] = [
  { id: "apiKey-empty", options: { apiKey: "" }, names: ["apiKey"] },
  { id: "apiKey-with-line-break", options: { apiKey: "a\nb" }, names: ["apiKey"] },
  { id: "apiKey-with-bearer", options: { apiKey: "Bearer abc" }, names: ["apiKey", "Bearer"] },
  { id: "apiKey-and-auth", options: { apiKey: "a", auth: "b" }, names: ["apiKey", "auth"] },
];

const clientOptionCases: readonly ConformanceCase[] = [...CLIENT_OPTIONS, ...KEY_OPTIONS].map(
  ({ id, options, names }) => ({
    id: `invalid/client-${id}`,
    title: `a client with a wrong ${id.replaceAll("-", " ")} is refused`,
    ...(id.startsWith("apiKey") && { needs: ["auth"] as const }),
    async run(context: CaseContext) {
      const facts = { code: "INVALID_ARGUMENT", messageIncludes: names } as const;
      assert.throws(() => context.connect(options as ClientOptions), InvalidArgumentError, facts);
    },
  }),
);

export const invalidOptionCases: readonly ConformanceCase[] = [
  ...invalidInputCases([...callOptions, ...bulk, ...account, ...handles]),
  ...clientOptionCases,
];

import { describe, expect, it } from "vitest";
import { InvalidArgumentError, VectronClient } from "../../src/index.ts";
import { ScriptedTransport } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, QUERY, rejection } from "../support.ts";

describe("unknown options are refused by name, with nothing sent", () => {
  const refused = async (work: () => unknown): Promise<string> => {
    try {
      await work();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidArgumentError);
      return (error as Error).message;
    }
    return expect.fail("was accepted");
  };
  const unknown = { timeout: 5 } as never;

  it("of a client", async () => {
    expect(await refused(() => bench(ALWAYS_REPLY, { timeout: 5 } as never))).toContain(
      'options has no option "timeout"',
    );
    expect(await refused(() => bench(ALWAYS_REPLY, { retry: unknown }))).toContain(
      'retry has no option "timeout"',
    );
    expect(await refused(() => bench(ALWAYS_REPLY, { hedge: unknown }))).toContain(
      'hedge has no option "timeout"',
    );
  });

  it("of a call, of every method", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const feedback = { collection: "docs", items: [{ resultId: "a", relevanceScore: 1 }] };
    const docs = client.collection("docs");
    const calls: (() => Promise<unknown>)[] = [
      () => client.createCollection({ name: "docs", dimension: 1 }, unknown),
      () => client.ensureCollection({ name: "docs", dimension: 1 }, unknown),
      () => client.deleteCollection("docs", unknown),
      () => client.listCollections(unknown),
      () => client.getCollectionStatus("docs", unknown),
      () => client.waitUntilReady("docs", unknown),
      () => client.upsert("docs", [{ id: "a", vector: [1] }], unknown),
      () => client.get("docs", "a", unknown),
      () => client.delete("docs", "a", unknown),
      () => client.search("docs", QUERY, unknown),
      async () => {
        for await (const _ of client.searchStream("docs", QUERY, unknown)) break;
      },
      () => client.getMany("docs", ["a"], unknown),
      () => client.deleteMany("docs", ["a"], unknown),
      () => client.searchMany("docs", [QUERY], unknown),
      () => client.submitFeedback(feedback, unknown),
      () => client.updateUserProfile({ plan: "free" }, unknown),
      () => docs.status(unknown),
      () => docs.drop(unknown),
    ];
    for (const call of calls) expect(await refused(call)).toContain('options has no option "timeout"');
    expect(transport.calls).toEqual([]);
  });

  it("of queries, points, collections, feedback and profiles", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const item = { resultId: "a", relevanceScore: 1 };
    const cases: readonly [() => Promise<unknown>, string][] = [
      [() => client.search("docs", { ...QUERY, limit: 5 } as never), 'search has no option "limit"'],
      [
        () => client.upsert("docs", [{ id: "a", vector: [1], metadata: {} } as never]),
        'points[0] has no option "metadata"',
      ],
      [
        () => client.createCollection({ name: "d", dimension: 1, metric: "dot" } as never),
        'collection has no option "metric"',
      ],
      [
        () => client.submitFeedback({ collection: "d", items: [item], rating: 1 } as never),
        'feedback has no option "rating"',
      ],
      [
        () => client.submitFeedback({ collection: "d", items: [{ ...item, rank: 1 } as never] }),
        'items[0] has no option "rank"',
      ],
      [
        () => client.updateUserProfile({ plan: "free", email: "x" } as never),
        'profile has no option "email"',
      ],
    ];
    for (const [call, message] of cases) expect(await refused(call)).toContain(message);
    expect(await refused(() => client.collection("docs", unknown))).toContain(
      'options has no option "timeout"',
    );
    expect(transport.calls).toEqual([]);
  });
});

describe("values that an option cannot have", () => {
  const BAD_CLIENT: readonly [string, unknown, string][] = [
    ["timeoutMs", 0, "timeoutMs must be a number of milliseconds above 0"],
    ["timeoutMs", -1, "timeoutMs"],
    ["timeoutMs", Number.NaN, "timeoutMs"],
    ["timeoutMs", Number.POSITIVE_INFINITY, "timeoutMs"],
    ["timeoutMs", 2 ** 31, "timeoutMs"],
    ["timeoutMs", "5", 'timeoutMs must be a number of milliseconds above 0 and up to 2147483647, got "5"'],
    ["retry", 3, "retry must be an object"],
    ["retry", { maxAttempts: 0 }, "retry.maxAttempts must be an integer from 1 to 100, got 0"],
    ["retry", { maxAttempts: 1.5 }, "retry.maxAttempts"],
    ["retry", { initialDelayMs: -1 }, "retry.initialDelayMs"],
    ["retry", { maxDelayMs: Number.NaN }, "retry.maxDelayMs"],
    [
      "retry",
      { initialDelayMs: 300, maxDelayMs: 200 },
      "retry.initialDelayMs (300) must not be above maxDelayMs (200)",
    ],
    ["retry", { multiplier: 0.5 }, "retry.multiplier"],
    ["retry", { jitter: 1.1 }, "retry.jitter"],
    ["retry", { codes: "UNAVAILABLE" }, "retry.codes must be an array of gRPC code names"],
    ["retry", { codes: ["OK"] }, "retry.codes[0] must be one of"],
    ["retry", { codes: ["ABORTED", 14] }, "retry.codes[1]"],
    ["retry", { nonIdempotent: "yes" }, "retry.nonIdempotent must be true or false"],
    ["retry", { nonIdempotent: true, retryOnWrites: true }, "both nonIdempotent and retryOnWrites"],
    ["hedge", 75, "hedge must be an object"],
    ["hedge", { delayMs: -1 }, "hedge.delayMs"],
    ["interceptors", () => {}, "interceptors must be an array"],
    ["interceptors", ["x"], "interceptors[0] must be a function"],
    ["observers", [() => {}], "observers[0] must be an object"],
    ["expectedDimension", 0, "expectedDimension must be an integer from 1 to 2147483647, got 0"],
    ["expectedDimension", 2 ** 31, "expectedDimension"],
    ["logger", "console", "logger must be an object"],
    ["auth", { token: "x" }, "auth must be a token, or a function that gets one"],
    ["auth", null, "auth must be a token, or a function that gets one"],
  ];

  it.each(BAD_CLIENT)("of a client: %s %j", (name, value, message) => {
    expect(() => bench(ALWAYS_REPLY, { [name]: value })).toThrow(message);
    expect(() => bench(ALWAYS_REPLY, { [name]: value })).toThrow(InvalidArgumentError);
  });

  it.each([
    [{}, "options.codec.encode must be a function, got undefined"],
    [{ encode: () => ({}) }, "options.codec.decode must be a function, got undefined"],
    [null, "options.codec.encode must be a function"],
  ])("of a handle: codec %j", (codec, message) => {
    const { client } = bench(ALWAYS_REPLY);
    expect(() => client.collection("docs", { codec: codec as never })).toThrow(message);
  });

  const BAD_CALL: readonly [string, unknown, string][] = [
    ["timeoutMs", 0, "options.timeoutMs"],
    ["signal", {}, "options.signal must be an AbortSignal"],
    ["signal", new AbortController(), "options.signal must be an AbortSignal"],
    ["headers", ["a"], "options.headers must be an object"],
    ["headers", { "bad name": "x" }, 'options.headers has a name that no header can have: "bad name"'],
    ["headers", { a: 5 }, 'options.headers["a"] must be a string of printable ASCII'],
    ["headers", { a: "line\nend" }, 'options.headers["a"]'],
    ["headers", { Authorization: "Bearer s3cret" }, 'options.headers may not set "authorization"'],
    ["headers", { "X-Request-ID": "1" }, 'options.headers may not set "x-request-id"'],
    ["headers", { Connection: "close" }, 'options.headers may not set "connection"'],
    ["headers", { host: "a" }, 'options.headers may not set "host"'],
    ["headers", { "content-length": "1" }, 'options.headers may not set "content-length"'],
    ["retry", { maxAttempts: 0 }, "options.retry.maxAttempts"],
    ["hedge", { delayMs: "1" }, "options.hedge.delayMs"],
    ["onResponse", {}, "options.onResponse must be a function"],
  ];

  it.each(BAD_CALL)("of a call: %s %j", async (name, value, message) => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const error = await rejection(InvalidArgumentError, client.search("docs", QUERY, { [name]: value }));
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("s3cret");
    expect(transport.calls).toEqual([]);
  });

  it.each([null, 5, "x", []])("options that are %j", async (options) => {
    const { client } = bench(ALWAYS_REPLY);
    await rejection(InvalidArgumentError, client.search("docs", QUERY, options as never));
    await rejection(InvalidArgumentError, client.getMany("docs", [], options as never));
    expect(() => new VectronClient(new ScriptedTransport([]), options as never)).toThrow(
      InvalidArgumentError,
    );
  });

  it.each([
    ["concurrency", 0],
    ["concurrency", 1_025],
    ["concurrency", 1.5],
    ["settled", 1],
  ])("of *Many: %s %j", async (name, value) => {
    const { client } = bench(ALWAYS_REPLY);
    const error = await rejection(
      InvalidArgumentError,
      client.getMany("docs", ["a"], { [name]: value } as never),
    );
    expect(error.message).toContain(`options.${name}`);
  });
});

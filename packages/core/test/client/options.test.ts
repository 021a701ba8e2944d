import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type CallOptions,
  type ClientOptions,
  type CollectionOptions,
  type CreateCollectionOptions,
  DeadlineExceededError,
  type HedgeOptions,
  InvalidArgumentError,
  type ManyOptions,
  type PayloadCodec,
  type RetryOptions,
  splitClientOptions,
  VectronClient,
} from "../../src/index.ts";
import { fail, hang, reply, type Script, ScriptedTransport, VirtualClock } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, QUERY, rejection } from "../support.ts";

/** What can be seen of a client with such options; compared with one that has none of them. */
type Observe<T> = (options: T) => Promise<unknown>;

/** For every option: a value that is not its default, and how its effect shows. */
type EffectTable<T> = { readonly [K in keyof Required<T>]: readonly [value: T[K], observe: Observe<T>] };

const UNAVAILABLE: Script = () => fail("UNAVAILABLE");

/** When each attempt of one search began. */
const pace =
  (script: Script, base: ClientOptions = {}) =>
  async (options: ClientOptions): Promise<readonly number[]> => {
    const { clock, client, transport } = bench(script, { ...base, ...options });
    await clock.run(client.search("docs", QUERY).catch(() => {}));
    return transport.calls.map(({ startedAtMs }) => startedAtMs);
  };

/** How one search ended. */
const outcome =
  (script: Script) =>
  async (options: ClientOptions): Promise<unknown> => {
    const { clock, client } = bench(script, options);
    const name = await clock.run(
      client.search("docs", QUERY).then(
        () => "OK",
        (error: Error) => error.name,
      ),
    );
    return [name, clock.now()];
  };

const authorization = async (options: ClientOptions): Promise<unknown> => {
  const { clock, client, transport } = bench(ALWAYS_REPLY, { ...options, transport: { keepToken: true } });
  await clock.run(client.search("docs", QUERY));
  return transport.calls[0]?.headers.authorization;
};

const seen: string[] = [];

const CLIENT_EFFECTS: EffectTable<ClientOptions> = {
  apiKey: ["some-token", authorization],
  auth: [() => "some-token", authorization],
  timeoutMs: [50, outcome(() => hang())],
  retry: [{ maxAttempts: 1 }, pace(UNAVAILABLE)],
  hedge: [true, pace(() => reply(undefined, { afterMs: 200 }))],
  interceptors: [
    [() => async () => ({ kind: "unary", message: { results: [] } })],
    outcome(() => fail("INTERNAL")),
  ],
  observers: [
    [{ callStarted: () => void seen.push("observed") }],
    async (options) => {
      seen.length = 0;
      await outcome(ALWAYS_REPLY)(options);
      return [...seen];
    },
  ],
  expectedDimension: [3, outcome(ALWAYS_REPLY)],
  logger: [
    { debug: (message) => void seen.push(message) },
    async (options) => {
      seen.length = 0;
      await outcome(ALWAYS_REPLY)(options);
      return [...seen];
    },
  ],
};

const retryPace = (script: Script, base: RetryOptions = {}) => {
  const observe = pace(script);
  return (retry: RetryOptions) =>
    observe({ retry: { ...base, ...retry }, clock: { seed: 3 } } as ClientOptions);
};

const feedbackAttempts = async (retry: RetryOptions): Promise<number> => {
  const { clock, client, transport } = bench(UNAVAILABLE, { retry });
  const feedback = { collection: "docs", items: [{ resultId: "a", relevanceScore: 1 }] };
  await clock.run(client.submitFeedback(feedback).catch(() => {}));
  return transport.calls.length;
};

const RETRY_EFFECTS: EffectTable<RetryOptions> = {
  maxAttempts: [2, retryPace(UNAVAILABLE)],
  initialDelayMs: [500, retryPace(UNAVAILABLE, { jitter: 0 })],
  maxDelayMs: [150, retryPace(UNAVAILABLE, { jitter: 0 })],
  multiplier: [3, retryPace(UNAVAILABLE, { jitter: 0 })],
  jitter: [0, retryPace(UNAVAILABLE)],
  codes: [["ABORTED"], retryPace(() => fail("ABORTED"))],
  nonIdempotent: [true, feedbackAttempts],
  retryOnWrites: [true, feedbackAttempts],
};

const HEDGE_EFFECTS: EffectTable<HedgeOptions> = {
  delayMs: [10, (hedge) => pace(() => reply(undefined, { afterMs: 200 }))({ hedge })],
};

/** How one search with call options went. */
const called =
  (script: Script) =>
  async (options: CallOptions): Promise<unknown> => {
    const { clock, client, transport } = bench(script);
    const name = await clock.run(
      client.search("docs", QUERY, options).then(
        () => "OK",
        (error: Error) => error.name,
      ),
    );
    return [
      name,
      clock.now(),
      transport.calls.map(({ headers, startedAtMs }) => [headers["x-team"], startedAtMs]),
    ];
  };

const CALL_EFFECTS: EffectTable<CallOptions> = {
  signal: [AbortSignal.abort(), called(ALWAYS_REPLY)],
  timeoutMs: [50, called(() => hang())],
  headers: [{ "x-team": "search" }, called(ALWAYS_REPLY)],
  retry: [{ maxAttempts: 1 }, called(UNAVAILABLE)],
  hedge: [true, called(() => reply(undefined, { afterMs: 200 }))],
  onResponse: [
    ({ attempts }) => void seen.push(`${attempts.length} attempts`),
    async (options) => {
      seen.length = 0;
      await called(ALWAYS_REPLY)(options);
      return [...seen];
    },
  ],
};

type OwnOptions<T> = Omit<T, keyof CallOptions>;

const neverReady = (name: string) =>
  reply({
    name,
    dimension: 1,
    distance: "cosine",
    shards: [{ shardId: 1, replicas: [], leaderId: "0", ready: false }],
  });

const created = async (options: OwnOptions<CreateCollectionOptions>): Promise<unknown> => {
  const { clock, client, transport } = bench(({ method }) =>
    method === "createCollection" ? reply() : neverReady("docs"),
  );
  await clock.run(client.createCollection({ name: "docs", dimension: 1 }, options).catch(() => {}));
  return [clock.now(), transport.calls.length];
};

const CREATE_EFFECTS: EffectTable<OwnOptions<CreateCollectionOptions>> = {
  waitUntilReady: [false, created],
  readyTimeoutMs: [2_000, created],
};

const manyGot = async (options: OwnOptions<ManyOptions>): Promise<unknown> => {
  const { clock, client } = bench(({ number }) =>
    number === 3 ? fail("INTERNAL", { afterMs: 10 }) : reply(undefined, { afterMs: 10 }),
  );
  const ids = Array.from({ length: 40 }, (_, index) => `${index}`);
  const work = client.getMany("docs", ids, options as ManyOptions).then(
    (results) => results.length,
    (error: Error) => error.name,
  );
  return [await clock.run(work), clock.now()];
};

const MANY_EFFECTS: EffectTable<OwnOptions<ManyOptions>> = {
  concurrency: [1, manyGot],
  settled: [true, manyGot],
};

interface Note {
  readonly text: string;
}

const upperCase: PayloadCodec<Note> = {
  encode: (_argument, payload) => ({ text: payload?.text.toUpperCase() ?? "" }),
  decode: (_where, payload) => ({ text: payload.text ?? "" }),
};

const handled = async (options: CollectionOptions<Note>): Promise<unknown> => {
  const { clock, client, transport } = bench(ALWAYS_REPLY);
  const docs = client.collection("docs", options);
  const upserted = await clock.run(
    docs.upsert([{ id: "a", vector: [1, 2], payload: { text: "x" } }]).catch((error: Error) => error.name),
  );
  let similarity: unknown;
  try {
    similarity = docs.similarity(0.25);
  } catch (error) {
    similarity = (error as Error).name;
  }
  return [upserted, similarity, transport.calls.map(({ message }) => JSON.stringify(message))];
};

const HANDLE_EFFECTS: EffectTable<CollectionOptions<Note>> = {
  schema: [z.object({ text: z.string().min(2) }), handled],
  codec: [upperCase, handled],
  dimension: [3, handled],
  distance: ["cosine", handled],
};

const TABLES: Readonly<Record<string, Readonly<Record<string, readonly [unknown, Observe<never>]>>>> = {
  "of a client": CLIENT_EFFECTS,
  "of retries": RETRY_EFFECTS,
  "of hedging": HEDGE_EFFECTS,
  "of a call": CALL_EFFECTS,
  "of createCollection": CREATE_EFFECTS,
  "of *Many": MANY_EFFECTS,
  "of a collection handle": HANDLE_EFFECTS,
};

const ROWS = Object.entries(TABLES).flatMap(([owner, table]) =>
  Object.entries(table).map(([name, [value, observe]]) => ({ owner, name, value, observe })),
);

describe("every option", () => {
  it.each(ROWS)("$name $owner has an effect", async ({ name, value, observe }) => {
    const set = await observe({ [name]: value } as never);
    const unset = await observe({} as never);
    expect(set).not.toEqual(unset);
  });

  it.each(ROWS)("$name $owner means its default when it is undefined", async ({ name, observe }) => {
    expect(await observe({ [name]: undefined } as never)).toEqual(await observe({} as never));
  });
});

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
  ];

  it.each(BAD_CLIENT)("of a client: %s %j", (name, value, message) => {
    expect(() => bench(ALWAYS_REPLY, { [name]: value })).toThrow(message);
    expect(() => bench(ALWAYS_REPLY, { [name]: value })).toThrow(InvalidArgumentError);
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

describe("splitClientOptions", () => {
  interface Own extends ClientOptions {
    readonly host?: string | undefined;
    readonly port?: number | undefined;
  }

  it("parts the shared options from a package's own, and leaves out what is undefined", () => {
    const options: Own = { host: "db", port: undefined, apiKey: "some-token", timeoutMs: undefined };
    expect(splitClientOptions(options, ["host", "port"])).toEqual({
      client: { apiKey: "some-token" },
      own: { host: "db" },
    });
  });

  it("refuses what is neither", () => {
    const options = { hots: "db" } as Own;
    expect(() => splitClientOptions(options, ["host", "port"])).toThrow(
      'options has no option "hots"; it has host, port',
    );
  });
});

describe("defaults", () => {
  it("are those that the documentation states", async () => {
    const clock = new VirtualClock({ startMs: 0 });
    const transport = new ScriptedTransport(() => hang(), { runtime: clock });
    const client = new VectronClient(transport, undefined, clock);
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(10_000);
    expect(transport.calls[0]?.message).toMatchObject({
      topK: 10,
      includeMetadata: true,
      includeVectors: false,
      query: "",
      timeoutMs: 0,
    });
  });
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type CallOptions,
  type ClientOptions,
  type CollectionOptions,
  type CreateCollectionOptions,
  DeadlineExceededError,
  type HedgeOptions,
  type ManyOptions,
  type PayloadCodec,
  type RetryOptions,
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

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CancelledError,
  DeadlineExceededError,
  type Interceptor,
  type TokenRequest,
} from "../../src/index.ts";
import { fail, hang, reply, type Script, stream } from "../../src/testing/index.ts";
import {
  ALWAYS_REPLY,
  type Bench,
  type BenchOptions,
  bench,
  collect,
  countingSignal,
  QUERY,
  rejection,
} from "../support.ts";

const REASON = new Error("the user went away");

describe("a signal that is aborted already", () => {
  it.each<[string, (bench: Bench, signal: AbortSignal) => Promise<unknown>]>([
    ["a read", ({ client }, signal) => client.search("docs", QUERY, { signal })],
    ["a write", ({ client }, signal) => client.upsert("docs", [{ id: "a", vector: [1] }], { signal })],
    ["a stream", ({ client }, signal) => collect(client.searchStream("docs", QUERY, { signal }))],
    ["a wait", ({ client }, signal) => client.waitUntilReady("docs", { signal })],
    ["many reads", ({ client }, signal) => client.getMany("docs", ["a", "b"], { signal })],
  ])("sends nothing: %s", async (_what, call) => {
    const asked: string[] = [];
    const used = bench(ALWAYS_REPLY, {
      auth: () => {
        asked.push("token");
        return "some-token";
      },
      interceptors: [
        (next) => (call) => {
          asked.push("interceptor");
          return next(call);
        },
      ],
    });
    const error = await rejection(CancelledError, call(used, AbortSignal.abort(REASON)));
    expect(error.cause).toBe(REASON);
    expect(error.attempts).toEqual([]);
    expect(used.transport.calls).toEqual([]);
    expect(asked).toEqual([]);
    expect(used.clock.pendingTimers).toBe(0);
  });
});

describe("aborting", () => {
  const slowInterceptor: Interceptor = () => () => new Promise(() => {});
  const phases: readonly [string, Script, BenchOptions][] = [
    ["an interceptor", ALWAYS_REPLY, { interceptors: [slowInterceptor] }],
    ["the token provider", ALWAYS_REPLY, { auth: () => new Promise(() => {}) }],
    ["the first attempt", () => hang(), {}],
    ["an attempt of a transport that ignores it", () => hang({ ignoreAbort: true }), {}],
    ["a back-off", () => fail("UNAVAILABLE"), { retry: { initialDelayMs: 1_000, jitter: 0 } }],
    [
      "a second attempt",
      ({ number }) => (number === 1 ? fail("UNAVAILABLE") : hang()),
      { retry: { jitter: 0 } },
    ],
    ["a hedged attempt", () => hang(), { hedge: true }],
    ["a poll of shards that are not ready", () => fail("UNAVAILABLE", { message: "shard 3 not ready" }), {}],
  ];

  it.each(phases)(
    "ends the call at once, without a timer or a listener left: %s",
    async (_phase, script, options) => {
      const { clock, client, transport } = bench(script, options);
      const { controller, signal, listeners } = countingSignal();
      const work = rejection(CancelledError, client.search("docs", QUERY, { signal }));
      await clock.advance(150);
      expect(listeners()).toBe(1);
      controller.abort(REASON);
      const error = await work;
      expect(error.cause).toBe(REASON);
      expect(error.message).toContain("the call was aborted by its caller");
      await clock.advance(0);
      expect(clock.pendingTimers).toBe(0);
      expect(listeners()).toBe(0);

      const sent = transport.calls.length;
      await clock.advance(60_000);
      expect(transport.calls).toHaveLength(sent);
      expect(error.attempts).toHaveLength(sent);
    },
  );

  it("reaches the transport", async () => {
    const { clock, client, transport } = bench(() => hang(), { hedge: true });
    const controller = new AbortController();
    const work = rejection(CancelledError, client.search("docs", QUERY, { signal: controller.signal }));
    await clock.advance(80);
    controller.abort();
    await work;
    await clock.advance(0);
    expect(transport.calls).toMatchObject([
      { outcome: "aborted", aborted: true },
      { outcome: "aborted", aborted: true },
    ]);
  });

  it("stops the token provider", async () => {
    let request: TokenRequest | undefined;
    const { clock, client } = bench(ALWAYS_REPLY, {
      auth: (given) => {
        request = given;
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const work = rejection(CancelledError, client.search("docs", QUERY, { signal: controller.signal }));
    await clock.advance(1);
    expect(request?.signal.aborted).toBe(false);
    controller.abort();
    await work;
    expect(request?.signal.aborted).toBe(true);
  });

  it("asks nothing of the server about a write whose fate it leaves open", async () => {
    const { clock, client, transport } = bench(() => hang());
    const controller = new AbortController();
    const config = { name: "docs", dimension: 2 };
    const work = rejection(CancelledError, client.createCollection(config, { signal: controller.signal }));
    await clock.advance(1);
    controller.abort();
    await work;
    await clock.advance(1_000);
    expect(transport.calls.map(({ method }) => method)).toEqual(["createCollection"]);
  });

  it("does nothing to a call that is over", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const controller = new AbortController();
    await client.search("docs", QUERY, { signal: controller.signal });
    controller.abort();
    expect(transport.calls[0]?.aborted).toBe(false);
  });

  it("in the middle of a stream ends it", async () => {
    const { clock, client, transport } = bench({
      searchStream: [stream([{ results: [] }], { end: hang() })],
    });
    const controller = new AbortController();
    let seen = 0;
    const read = async () => {
      for await (const _ of client.searchStream("docs", QUERY, { signal: controller.signal })) seen += 1;
    };
    const work = rejection(CancelledError, read());
    await clock.advance(5);
    expect(seen).toBe(1);
    controller.abort(REASON);
    expect((await work).cause).toBe(REASON);
    await clock.advance(0);
    expect(transport.calls[0]?.outcome).toBe("aborted");
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("AbortSignal.timeout", () => {
  it("gives a DeadlineExceededError, as timeoutMs does", async () => {
    const { clock, client } = bench(() => hang());
    const controller = new AbortController();
    const work = rejection(
      DeadlineExceededError,
      client.search("docs", QUERY, { signal: controller.signal }),
    );
    await clock.advance(30);
    // What AbortSignal.timeout aborts with, at a time of the test's choosing.
    controller.abort(new DOMException("timed out", "TimeoutError"));
    expect((await work).message).toContain("the deadline passed after 30 ms");
  });

  it("does so on the real thing", async () => {
    const { client } = bench(() => hang());
    await rejection(DeadlineExceededError, client.search("docs", QUERY, { signal: AbortSignal.timeout(1) }));
  });

  it("does so when it has passed before the call", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const signal = AbortSignal.abort(new DOMException("timed out", "TimeoutError"));
    await rejection(DeadlineExceededError, client.search("docs", QUERY, { signal }));
    expect(transport.calls).toEqual([]);
  });
});

describe("one signal of many calls", () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  beforeEach(() => {
    warnings.length = 0;
    process.on("warning", onWarning);
  });
  afterEach(() => {
    process.off("warning", onWarning);
  });

  it("ends each of them, and leaves the caller's own handlers alone", async () => {
    const { clock, client } = bench(() => hang());
    const controller = new AbortController();
    const { signal } = controller;
    let own = 0;
    signal.onabort = () => {
      own += 1;
    };
    const works = [client.search("docs", QUERY, { signal }), client.get("docs", "a", { signal })].map(
      (work) => rejection(CancelledError, work),
    );
    await clock.advance(1);
    controller.abort();
    await Promise.all(works);
    expect(own).toBe(1);
  });

  it("is left without a listener and the clock without a timer after 1,000 calls", async () => {
    const script: Script = ({ number }) => {
      if (number % 5 === 0) return fail("NOT_FOUND");
      if (number % 7 === 0) return fail("UNAVAILABLE", { requestSent: "no" });
      return reply(undefined, { afterMs: number % 3 });
    };
    const { clock, client, transport } = bench(script, { hedge: { delayMs: 1 } });
    const { signal, listeners } = countingSignal();
    for (let round = 0; round < 10; round++) {
      const calls = Array.from({ length: 100 }, (_, index) =>
        client.get("docs", `id-${index}`, { signal }).catch(() => {}),
      );
      expect(listeners()).toBe(1);
      await clock.run(Promise.all(calls));
    }
    expect(transport.calls.length).toBeGreaterThanOrEqual(1_000);
    expect(listeners()).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("draws no warning of a leak", async () => {
    const { clock, client } = bench(() => reply(undefined, { afterMs: 5 }));
    const { signal } = new AbortController();
    const ids = Array.from({ length: 50 }, (_, index) => `id-${index}`);
    await clock.run(client.getMany("docs", ids, { signal, concurrency: 50 }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  it("can be shared by clients", async () => {
    const first = bench(() => hang());
    const second = bench(() => hang());
    const { controller, signal, listeners } = countingSignal();
    const works = [first, second].map(({ client }) =>
      rejection(CancelledError, client.search("docs", QUERY, { signal })),
    );
    expect(listeners()).toBe(1);
    controller.abort();
    await Promise.all(works);
    expect(listeners()).toBe(0);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffMs } from "../../src/call/back-off.ts";
import {
  DeadlineExceededError,
  type ErrorCode,
  InternalServerError,
  ResourceExhaustedError,
  type RetryOptions,
  STATUS_CODES,
  UnavailableError,
  type VectronClient,
  VectronError,
} from "../../src/index.ts";
import {
  type FailOptions,
  fail,
  reply,
  type ScriptedTransport,
  type Step,
  VirtualClock,
} from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, QUERY, rejection } from "../support.ts";

/** When each attempt began. */
const starts = ({ calls }: ScriptedTransport) => calls.map(({ startedAtMs }) => startedAtMs);

const NO_JITTER: RetryOptions = { jitter: 0 };

const FAILURES = STATUS_CODES.filter((code): code is ErrorCode => code !== "OK");
const RETRIED: readonly ErrorCode[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"];

describe("codes", () => {
  it.each(FAILURES.filter((code) => !RETRIED.includes(code)))("%s is not retried", async (code) => {
    const { clock, client, transport } = bench([fail(code, { message: "no" })]);
    const error = await clock.run(rejection(VectronError, client.search("docs", QUERY)));
    expect(error).toMatchObject({ code, retryable: code === "ABORTED" });
    expect(transport.calls).toHaveLength(1);
  });

  it.each(RETRIED)("%s is retried", async (code) => {
    const { clock, client, transport } = bench([fail(code), reply()]);
    await clock.run(client.search("docs", QUERY));
    expect(transport.calls).toHaveLength(2);
  });

  it("are the client's to choose", async () => {
    const { clock, client, transport } = bench([fail("ABORTED"), reply(), fail("UNAVAILABLE")], {
      retry: { codes: ["ABORTED"] },
    });
    await clock.run(client.search("docs", QUERY));
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(transport.calls).toHaveLength(3);
  });

  it("never include a message that is too large, whatever was chosen", async () => {
    const texts = [
      "grpc: received message larger than max (300000000 vs. 268435456)",
      "Received message larger than max (5000000 vs 4194304)",
      "Attempted to send message with a size larger than 4194304",
      "Received message that decompresses to a size larger than 4194304",
      "trying to send message larger than max (300 vs. 200)",
      "message size 300 is larger than configured readMaxBytes 200",
    ];
    for (const message of texts) {
      const { clock, client, transport } = bench([fail("RESOURCE_EXHAUSTED", { message })]);
      const error = await clock.run(rejection(ResourceExhaustedError, client.search("docs", QUERY)));
      expect(error).toMatchObject({ retryable: false });
      expect(transport.calls).toHaveLength(1);
    }
  });
});

describe("attempts", () => {
  it("are 3 at most unless something else is said", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE", { message: "down" }));
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(transport.calls).toHaveLength(3);
    expect(error.message).toMatch(/^down \[Search "docs", request \S+, 3 attempts\]$/);
    expect(error.attempts.map(({ number, code }) => [number, code])).toEqual([
      [1, "UNAVAILABLE"],
      [2, "UNAVAILABLE"],
      [3, "UNAVAILABLE"],
    ]);
    expect(error.retryable).toBe(true);
  });

  it.each([1, 2, 5])("are %d when that is said", async (maxAttempts) => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"), { retry: { maxAttempts } });
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(transport.calls).toHaveLength(maxAttempts);
  });

  it("can be changed for one call, the other options staying the client's", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"), {
      retry: { maxAttempts: 2, initialDelayMs: 7, jitter: 0 },
    });
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY, { retry: { maxAttempts: 3 } })));
    expect(starts(transport)).toEqual([0, 7, 21]);
  });

  it("repeat the same request, with the same headers but for a new token", async () => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE"), reply()], { apiKey: "some-token" });
    await clock.run(client.search("docs", QUERY, { headers: { "X-Team": "search" } }));
    const [first, second] = transport.calls;
    expect(second?.message).toBe(first?.message);
    expect(second?.headers).toEqual(first?.headers);
    expect(first?.headers["x-team"]).toBe("search");
  });
});

describe("back-off", () => {
  it("starts at 100 ms, doubles, and stops growing at 2,000 ms", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"), {
      retry: { jitter: 0, maxAttempts: 5 },
      timeoutMs: 60_000,
    });
    // The budget allows four retries of one call.
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(starts(transport)).toEqual([0, 100, 300, 700, 1_500]);
    const pauses = [3, 4, 5, 6, 50].map((retry) =>
      backOffMs({ ...POLICY, jitter: 0 }, retry, new VirtualClock()),
    );
    expect(pauses).toEqual([800, 1_600, 2_000, 2_000, 2_000]);
  });

  it("goes by the options", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"), {
      retry: { jitter: 0, initialDelayMs: 10, multiplier: 5, maxDelayMs: 60, maxAttempts: 4 },
    });
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(starts(transport)).toEqual([0, 10, 60, 120]);
  });

  it("has full jitter by default: anywhere up to the pause, and spread over all of it", async () => {
    const pauses: number[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const { clock, client, transport } = bench([fail("UNAVAILABLE"), reply()], { clock: { seed } });
      await clock.run(client.search("docs", QUERY));
      pauses.push(starts(transport)[1] ?? -1);
    }
    expect(Math.min(...pauses)).toBeGreaterThan(0);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(100);
    for (let quarter = 0; quarter < 4; quarter++) {
      const within = pauses.filter((pause) => pause > quarter * 25 && pause <= (quarter + 1) * 25);
      expect(within.length).toBeGreaterThan(60);
    }
  });

  it("stays within its bounds whatever the options", () => {
    fc.assert(
      fc.property(
        fc.record({
          initialDelayMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
          maxDelayMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
          multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
          jitter: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        // maxAttempts is 100 at most.
        fc.nat(99),
        fc.integer(),
        (options, retry, seed) => {
          const pause = backOffMs({ ...POLICY, ...options }, retry, new VirtualClock({ seed }));
          const full = Math.min(options.maxDelayMs, options.initialDelayMs * options.multiplier ** retry);
          expect(pause).toBeLessThanOrEqual(full);
          expect(pause).toBeGreaterThanOrEqual(full * (1 - options.jitter));
        },
      ),
    );
  });

  it("is spared the first time when it is known that nothing was sent", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE", { requestSent: "no" }), {
      retry: NO_JITTER,
    });
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(starts(transport)).toEqual([0, 0, 200]);
  });
});

const POLICY = {
  maxAttempts: 3,
  initialDelayMs: 100,
  maxDelayMs: 2_000,
  multiplier: 2,
  jitter: 1,
  codes: new Set<ErrorCode>(),
  nonIdempotent: false,
};

describe("a rate limit", () => {
  const LIMITED = fail("RESOURCE_EXHAUSTED", { message: "rate limit of 100 RPS exceeded" });

  it("is waited out for half a second to one and a half, spread over all of it", async () => {
    const pauses: number[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const { clock, client, transport } = bench([LIMITED, reply()], { clock: { seed } });
      await clock.run(client.search("docs", QUERY));
      pauses.push(starts(transport)[1] ?? -1);
    }
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(500);
    expect(Math.min(...pauses)).toBeLessThan(550);
    expect(Math.max(...pauses)).toBeLessThan(1_500);
    expect(Math.max(...pauses)).toBeGreaterThan(1_450);
  });

  it("spends none of the budget", async () => {
    const { clock, client, transport } = bench(() => LIMITED, { timeoutMs: 60_000 });
    for (let round = 0; round < 20; round++) {
      await clock.run(rejection(ResourceExhaustedError, client.search("docs", QUERY)));
    }
    expect(transport.calls).toHaveLength(60);
  });

  it("is retried for calls that are not idempotent too: it was refused before it did anything", async () => {
    const { clock, client, transport } = bench({ submitFeedback: [LIMITED, reply()] });
    await clock.run(
      client.submitFeedback({ collection: "docs", items: [{ resultId: "a", relevanceScore: 1 }] }),
    );
    expect(transport.calls).toHaveLength(2);
  });

  it("gives up within its attempts, and is retryable", async () => {
    const { clock, client, transport } = bench(() => LIMITED);
    const error = await clock.run(rejection(ResourceExhaustedError, client.search("docs", QUERY)));
    expect(error.retryable).toBe(true);
    expect(transport.calls).toHaveLength(3);
  });
});

describe("calls that are not idempotent", () => {
  const feedback = { collection: "docs", items: [{ resultId: "a", relevanceScore: 1 }] };
  const send = (client: VectronClient, retry?: RetryOptions) =>
    client.submitFeedback(feedback, retry && { retry });

  it.each<[string, FailOptions]>([
    ["the request was sent", { requestSent: "yes" }],
    ["it is unknown whether it was", { requestSent: "unknown" }],
  ])("are not repeated when %s", async (_when, options) => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE", options)]);
    const error = await clock.run(rejection(UnavailableError, send(client)));
    expect(error.retryable).toBe(false);
    expect(transport.calls).toHaveLength(1);
  });

  it("are repeated when nothing was sent", async () => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE", { requestSent: "no" }), reply()]);
    expect(await clock.run(send(client))).toBe("feedback-1");
    expect(transport.calls).toHaveLength(2);
  });

  it("say that a repetition is harmless when nothing was ever sent", async () => {
    const { clock, client } = bench(() => fail("UNAVAILABLE", { requestSent: "no" }));
    expect((await clock.run(rejection(UnavailableError, send(client)))).retryable).toBe(true);
  });

  it.each(["nonIdempotent", "retryOnWrites"] as const)("are repeated when %s says so", async (option) => {
    const opted = bench([fail("UNAVAILABLE"), reply()], { retry: { [option]: true } });
    await opted.clock.run(send(opted.client));
    expect(opted.transport.calls).toHaveLength(2);

    const perCall = bench([fail("UNAVAILABLE"), reply()]);
    await perCall.clock.run(send(perCall.client, { [option]: true }));
    expect(perCall.transport.calls).toHaveLength(2);

    const optedOut = bench([fail("UNAVAILABLE")], { retry: { nonIdempotent: true } });
    await optedOut.clock.run(rejection(UnavailableError, send(optedOut.client, { [option]: false })));
    expect(optedOut.transport.calls).toHaveLength(1);
  });

  it.each<[string, (client: VectronClient) => Promise<unknown>]>([
    ["Upsert", (client) => client.upsert("docs", [{ id: "a", vector: [1] }])],
    ["Delete", (client) => client.delete("docs", "a")],
    ["UpdateUserProfile", (client) => client.updateUserProfile({ plan: "free" })],
  ])("are not among them: %s", async (_name, call) => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE", { requestSent: "yes" }), reply()]);
    await clock.run(call(client));
    expect(transport.calls).toHaveLength(2);
  });
});

describe("the retry budget", () => {
  const UNAVAILABLE = fail("UNAVAILABLE");

  it("stops retries after five failures in a row, of whatever calls", async () => {
    const { clock, client, transport } = bench(() => UNAVAILABLE, { retry: { maxAttempts: 3 } });
    const sent: number[] = [];
    for (let round = 0; round < 4; round++) {
      const before = transport.calls.length;
      await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
      sent.push(transport.calls.length - before);
    }
    // Tokens: 10, and a retry needs more than 5. 10-3=7, 7-2=5: no more retries.
    expect(sent).toEqual([3, 2, 1, 1]);
  });

  it("is refilled by a tenth for each success", async () => {
    const { clock, client, transport } = bench((call) => (call.method === "get" ? reply() : UNAVAILABLE));
    const search = async () => {
      const before = transport.calls.length;
      await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
      return transport.calls.length - before;
    };
    await search();
    await search();
    expect(await search()).toBe(1);
    // 4 tokens are left. 20 successes make 6, the failure takes one, and half of 10 is not enough for a retry.
    for (let success = 0; success < 20; success++) await client.get("docs", "a");
    expect(await search()).toBe(1);
    // 15 more make 6.5: one retry.
    for (let success = 0; success < 15; success++) await client.get("docs", "a");
    expect(await search()).toBe(2);
  });

  it("is not touched by failures that no retry would cure", async () => {
    const { clock, client, transport } = bench((call) =>
      call.method === "search" ? fail("INVALID_ARGUMENT") : UNAVAILABLE,
    );
    for (let round = 0; round < 50; round++) await clock.run(client.search("docs", QUERY).catch(() => {}));
    const before = transport.calls.length;
    await clock.run(rejection(UnavailableError, client.get("docs", "a")));
    expect(transport.calls.length - before).toBe(3);
  });

  it("is one for each client", async () => {
    const worn = bench(() => UNAVAILABLE);
    for (let round = 0; round < 5; round++)
      await worn.clock.run(worn.client.search("docs", QUERY).catch(() => {}));
    const fresh = bench(() => UNAVAILABLE);
    await fresh.clock.run(rejection(UnavailableError, fresh.client.search("docs", QUERY)));
    expect(fresh.transport.calls).toHaveLength(3);
  });

  it("lets a client send at most one request a call, and a few more, through an outage", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 60 }), async (seed, calls) => {
        const { clock, client, transport } = bench(() => UNAVAILABLE, {
          clock: { seed },
          retry: { maxAttempts: 10 },
          timeoutMs: 600_000,
        });
        for (let call = 0; call < calls; call++)
          await clock.run(client.search("docs", QUERY).catch(() => {}));
        expect(transport.calls.length).toBeLessThanOrEqual(calls + 4);
      }),
      { numRuns: 30 },
    );
  });

  it("counts both copies of a hedged read", async () => {
    const { clock, client, transport } = bench(
      (call) => fail("UNAVAILABLE", { afterMs: call.number % 2 === 1 ? 30 : 10 }),
      { hedge: { delayMs: 10 }, retry: { maxAttempts: 2 } },
    );
    for (let round = 0; round < 3; round++)
      await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    // Two copies, two copies, and by then 6 tokens: two more. Then 4: one.
    const before = transport.calls.length;
    expect(before).toBe(6);
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(transport.calls.length - before).toBe(1);
  });
});

describe("push-back", () => {
  const NOW = Date.UTC(2025, 5, 1, 12, 0, 0);
  const pushedBack = (metadata: Record<string, string>, code: ErrorCode = "UNAVAILABLE"): Step =>
    fail(code, { metadata });

  /** How long the client waited before its second attempt; undefined: it made none. */
  async function waited(step: Step, options: { timeoutMs?: number } = {}): Promise<number | undefined> {
    const { clock, client, transport } = bench([step, reply()], {
      clock: { startMs: NOW },
      retry: NO_JITTER,
      ...options,
    });
    await clock.run(client.search("docs", QUERY).catch(() => {}));
    const second = transport.calls[1];
    return second && second.startedAtMs - NOW;
  }

  it.each<[string, Record<string, string>, number]>([
    ["seconds", { "retry-after": "3" }, 3_000],
    ["thirty seconds, not three", { "retry-after": "30" }, 30_000],
    ["a fraction", { "retry-after": "0.5" }, 500],
    ["zero", { "retry-after": "0" }, 0],
    ["blanks around it", { "retry-after": " 2 " }, 2_000],
    ["an HTTP date", { "retry-after": "Sun, 01 Jun 2025 12:00:07 GMT" }, 7_000],
    ["an obsolete date", { "retry-after": "Sunday, 01-Jun-25 12:00:07 GMT" }, 7_000],
    ["a date in the past", { "retry-after": "Sun, 01 Jun 2025 11:00:00 GMT" }, 0],
    ["grpc-retry-pushback-ms", { "grpc-retry-pushback-ms": "250" }, 250],
    [
      "grpc-retry-pushback-ms before retry-after",
      { "grpc-retry-pushback-ms": "250", "retry-after": "3" },
      250,
    ],
  ])("is honoured: %s", async (_what, metadata, delayMs) => {
    expect(await waited(pushedBack(metadata), { timeoutMs: 60_000 })).toBe(delayMs);
  });

  it.each(["soon", "", "-5", "1e3", "3s", "try later 5", "2025-06-01T12:00:07Z", "NaN", "Infinity", "1, 2"])(
    "is ignored when retry-after is garbage: %j",
    async (value) => {
      expect(await waited(pushedBack({ "retry-after": value }))).toBe(100);
    },
  );

  it.each(["-1", "", "soon", "1.5"])("of grpc-retry-pushback-ms %j means no retry", async (value) => {
    expect(await waited(pushedBack({ "grpc-retry-pushback-ms": value }))).toBeUndefined();
  });

  it("takes the place of the pause of a rate limit", async () => {
    expect(await waited(pushedBack({ "retry-after": "2" }, "RESOURCE_EXHAUSTED"))).toBe(2_000);
  });

  it.each(["30", "999999999999", "9".repeat(400)])(
    "of %s s, past the deadline, fails the call at once and says how long",
    async (value) => {
      const { clock, client, transport } = bench([pushedBack({ "retry-after": value })]);
      const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
      expect(clock.now()).toBe(0);
      expect(transport.calls).toHaveLength(1);
      expect(error.retryAfterMs).toBe(Math.min(Number(value) * 1_000, Number.MAX_SAFE_INTEGER));
      expect(JSON.parse(JSON.stringify(error)).retryAfterMs).toBe(error.retryAfterMs);
    },
  );

  it("is told with the last failure", async () => {
    const { clock, client } = bench(() => pushedBack({ "retry-after": "0.25" }));
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(error.retryAfterMs).toBe(250);
    expect(error.metadata).toEqual({ "retry-after": "0.25" });
  });
});

describe("without faults", () => {
  it("a call is one attempt", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await client.search("docs", QUERY);
    expect(transport.calls).toHaveLength(1);
  });

  it("other codes of the server reach the caller as they are", async () => {
    const { clock, client } = bench([fail("INTERNAL", { message: "disk full" })]);
    const error = await clock.run(rejection(InternalServerError, client.search("docs", QUERY)));
    expect(error.message).toContain("disk full");
    expect(error.retryable).toBe(false);
  });

  it("a DEADLINE_EXCEEDED of the server is told when its attempts are spent", async () => {
    const { clock, client, transport } = bench(() => fail("DEADLINE_EXCEEDED", { message: "too slow" }));
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(error.message).toContain("too slow");
    expect(transport.calls).toHaveLength(3);
  });
});

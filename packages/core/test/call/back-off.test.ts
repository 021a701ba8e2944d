import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffMs } from "../../src/call/back-off.ts";
import { type ErrorCode, ResourceExhaustedError, UnavailableError } from "../../src/index.ts";
import { fail, reply, VirtualClock } from "../../src/testing/index.ts";
import { bench, QUERY, rejection } from "../support.ts";
import { NO_JITTER, starts } from "./retry-pace.ts";

const POLICY = {
  maxAttempts: 3,
  initialDelayMs: 100,
  maxDelayMs: 2_000,
  multiplier: 2,
  jitter: 1,
  codes: new Set<ErrorCode>(),
  nonIdempotent: false,
};

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

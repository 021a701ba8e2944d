import { describe, expect, it } from "vitest";
import { ConcurrencyLimit } from "../../src/bulk/concurrency-limit.ts";
import { LatencyTrend } from "../../src/bulk/latency-trend.ts";
import { RequestPace } from "../../src/bulk/request-pace.ts";
import { VirtualClock } from "../../src/testing/index.ts";

/** Fills the limit and ends every request the same way; returns how many there were. */
function round(
  limit: ConcurrencyLimit,
  sign: "answered" | "overloaded" | "unrelated",
  latencyMs?: number,
): number {
  const requests: number[] = [];
  while (limit.hasRoom) requests.push(limit.begin());
  // Each answer makes room for the next request, as it does in a busy load.
  for (const request of requests) limit.end(request, sign, latencyMs);
  return requests.length;
}

describe("ConcurrencyLimit", () => {
  it("doubles with each round at first, up to its maximum", () => {
    const limit = new ConcurrencyLimit(100, 1);
    const seen = Array.from({ length: 9 }, () => busyRound(limit));
    expect(seen).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100]);
  });

  it("halves on overload, once for all requests that were under way together", () => {
    const limit = new ConcurrencyLimit(64, 64);
    expect(round(limit, "overloaded")).toBe(64);
    expect(limit.current).toBe(32);
    round(limit, "overloaded");
    expect(limit.current).toBe(16);
  });

  it("grows by one a round after that", () => {
    const limit = new ConcurrencyLimit(64, 16);
    round(limit, "overloaded");
    expect(Array.from({ length: 4 }, () => busyRound(limit))).toEqual([8, 9, 10, 11]);
  });

  it("never falls below 1", () => {
    const limit = new ConcurrencyLimit(4, 4);
    for (let times = 0; times < 10; times++) round(limit, "overloaded");
    expect(limit.current).toBe(1);
    expect(limit.hasRoom).toBe(true);
  });

  it("does not grow while it is not used", () => {
    const limit = new ConcurrencyLimit(64, 4);
    for (let times = 0; times < 100; times++) limit.end(limit.begin(), "answered");
    expect(limit.current).toBe(4);
  });

  it("learns nothing from what is unrelated", () => {
    const limit = new ConcurrencyLimit(64, 4);
    for (let times = 0; times < 10; times++) round(limit, "unrelated");
    expect(limit.current).toBe(4);
    expect(limit.inFlight).toBe(0);
  });

  it("falls while latency rises", () => {
    const limit = new ConcurrencyLimit(64, 8);
    for (let times = 0; times < 3; times++) busyRound(limit, 20);
    const before = limit.current;
    for (let times = 0; times < 5; times++) busyRound(limit, 200);
    expect(limit.current).toBeLessThan(before);
  });

  it("measures the latency without queues now and then, and returns to where it was", () => {
    const limit = new ConcurrencyLimit(8, 8);
    const seen = Array.from({ length: 200 }, () => busyRound(limit, 20));
    expect(seen.filter((size) => size === 1)).toHaveLength(1);
    const probe = seen.indexOf(1);
    expect(probe).toBeGreaterThan(100);
    expect(seen.slice(probe, probe + 5)).toEqual([1, 2, 4, 8, 8]);
  });
});

/** One round of a load that sends the next request as soon as there is room. */
function busyRound(limit: ConcurrencyLimit, latencyMs?: number): number {
  const requests: number[] = [];
  while (limit.hasRoom) requests.push(limit.begin());
  let replaced = 0;
  for (const request of requests) {
    limit.end(request, "answered", latencyMs);
    // The place is taken again at once, and given back at the end of the round without a sign.
    limit.begin();
    replaced++;
  }
  for (; replaced > 0; replaced--) limit.end(0, "unrelated");
  return requests.length;
}

describe("LatencyTrend", () => {
  it("is steady while latency is, however much it varies", () => {
    const trend = new LatencyTrend();
    const clock = new VirtualClock();
    const signs = Array.from({ length: 900 }, () => trend.sample(50 + 100 * clock.random()));
    expect(signs.filter((sign) => sign === "rising").length).toBeLessThan(20);
  });

  it("rises above twice the lowest average, and stays so", () => {
    const trend = new LatencyTrend();
    for (let times = 0; times < 10; times++) expect(trend.sample(20)).toBe("steady");
    const signs = Array.from({ length: 20 }, () => trend.sample(60));
    expect(signs.indexOf("rising")).toBeGreaterThan(0);
    expect(signs.at(-1)).toBe("rising");
  });

  it("takes milliseconds for what they are", () => {
    const trend = new LatencyTrend();
    trend.sample(0);
    expect(Array.from({ length: 20 }, () => trend.sample(4))).toEqual(Array(20).fill("steady"));
  });

  it("forgets", () => {
    const trend = new LatencyTrend();
    trend.sample(20);
    const signs = Array.from({ length: 1_010 }, () => trend.sample(100));
    expect(signs.indexOf("stale")).toBe(999);
    expect(signs.at(-1)).toBe("steady");
  });
});

describe("RequestPace", () => {
  it("does not hold back what no server limits", () => {
    const clock = new VirtualClock();
    const pace = new RequestPace(clock);
    for (let times = 0; times < 1_000; times++) {
      expect(pace.delayMs).toBe(0);
      pace.sent();
      pace.accepted();
    }
  });

  it("pauses for a second or a little more, then spaces requests below what was accepted", async () => {
    const clock = new VirtualClock();
    const pace = new RequestPace(clock);
    for (let times = 0; times < 50; times++) {
      pace.sent();
      pace.accepted();
    }
    pace.refused(undefined);
    expect(pace.delayMs).toBeGreaterThanOrEqual(1_000);
    expect(pace.delayMs).toBeLessThanOrEqual(1_250);
    await clock.advance(pace.delayMs);
    expect(pace.delayMs).toBeCloseTo(0);
    pace.sent();
    expect(pace.delayMs).toBeCloseTo(1_000 / (50 * 0.95), 5);
  });

  it("pauses twice as long with every refusal in a row, up to 30 seconds", async () => {
    const clock = new VirtualClock();
    const pace = new RequestPace(clock);
    const pauses: number[] = [];
    for (let times = 0; times < 8; times++) {
      pace.refused(undefined);
      pauses.push(pace.delayMs);
      await clock.advance(pace.delayMs + 1);
    }
    pauses.forEach((pause, index) => {
      const least = Math.min(30_000, 1_000 * 2 ** index);
      expect(pause).toBeGreaterThanOrEqual(least);
      expect(pause).toBeLessThanOrEqual(least * 1.25);
    });
  });

  it("pauses for as long as the server asks", () => {
    const clock = new VirtualClock();
    const pace = new RequestPace(clock);
    pace.refused(7_000);
    expect(pace.delayMs).toBe(7_000);
  });

  it("counts answers that are late to what was accepted before the refusal", async () => {
    const clock = new VirtualClock();
    const pace = new RequestPace(clock);
    for (let times = 0; times < 10; times++) pace.accepted();
    pace.refused(undefined);
    for (let times = 0; times < 10; times++) pace.accepted();
    await clock.advance(2_000);
    pace.sent();
    // 20 ms of the pause's overrun are made up for.
    expect(pace.delayMs).toBeCloseTo(1_000 / 19 - 20, 5);
  });
});

import { describe, expect, it } from "vitest";
import { ConcurrencyLimit, type LoadSign } from "../../src/bulk/concurrency-limit.ts";
import { LatencyTrend } from "../../src/bulk/latency-trend.ts";
import { RequestPace } from "../../src/bulk/request-pace.ts";
import { VirtualClock } from "../../src/testing/index.ts";

/** A load that always has another request to make. */
class BusyLoad {
  readonly limit: ConcurrencyLimit;
  #underWay: number[] = [];

  constructor(limit: ConcurrencyLimit) {
    this.limit = limit;
    this.#fill();
  }

  /** Ends every request that is under way, each followed by others at once; returns how many there were. */
  round(sign: LoadSign, latencyMs?: number): number {
    const ending = this.#underWay;
    this.#underWay = [];
    for (const request of ending) {
      this.limit.end(request, sign, latencyMs);
      this.#fill();
    }
    return ending.length;
  }

  rounds(count: number, sign: LoadSign, latencyMs?: number): number[] {
    return Array.from({ length: count }, () => this.round(sign, latencyMs));
  }

  #fill(): void {
    while (this.limit.hasRoom) this.#underWay.push(this.limit.begin());
  }
}

function busy(max: number, start: number): BusyLoad {
  return new BusyLoad(new ConcurrencyLimit(max, start));
}

describe("ConcurrencyLimit", () => {
  it("doubles with each round at first, up to its maximum", () => {
    expect(busy(100, 1).rounds(9, "answered")).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100]);
  });

  it("halves on overload, once for all requests that were under way together", () => {
    const load = busy(64, 64);
    load.round("overloaded");
    expect(load.limit.current).toBe(32);
    load.round("overloaded");
    expect(load.limit.current).toBe(16);
  });

  it("grows by one a round after that", () => {
    const load = busy(64, 16);
    load.round("overloaded");
    expect(load.limit.current).toBe(8);
    const limits = Array.from({ length: 40 }, () => {
      load.round("answered");
      return load.limit.current;
    });
    const grown = limits.filter((limit, index) => limit !== limits[index - 1]);
    expect(grown.slice(0, 5)).toEqual([8, 9, 10, 11, 12]);
    expect(limits.length - grown.length).toBeLessThan(5);
  });

  it("never falls below 1", () => {
    const load = busy(4, 4);
    load.rounds(10, "overloaded");
    expect(load.limit.current).toBe(1);
  });

  it("does not grow while it is not used", () => {
    const limit = new ConcurrencyLimit(64, 4);
    for (let times = 0; times < 100; times++) limit.end(limit.begin(), "answered");
    expect(limit.current).toBe(4);
  });

  it("learns nothing from what is unrelated", () => {
    const load = busy(64, 4);
    expect(load.rounds(10, "unrelated")).toEqual(Array(10).fill(4));
  });

  it("falls while latency rises", () => {
    const load = busy(64, 8);
    load.rounds(3, "answered", 20);
    const before = load.limit.current;
    load.rounds(10, "answered", 200);
    expect(load.limit.current).toBeLessThan(before / 2);
  });

  it("measures the latency without queues now and then, and returns to where it was", () => {
    const sizes = busy(8, 8).rounds(250, "answered", 20);
    const probe = sizes.indexOf(1);
    expect(probe).toBeGreaterThan(100);
    expect(sizes.slice(probe, probe + 5)).toEqual([1, 2, 4, 8, 8]);
    expect(sizes.filter((size) => size === 1)).toHaveLength(1);
  });
});

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
    const clock = new VirtualClock({ startMs: 0 });
    const pace = new RequestPace(clock);
    for (let times = 0; times < 1_000; times++) {
      expect(pace.delayMs).toBe(0);
      pace.sent();
      pace.accepted();
    }
  });

  it("pauses for a second or a little more, then spaces requests below what was accepted", async () => {
    const clock = new VirtualClock({ startMs: 0 });
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
    const clock = new VirtualClock({ startMs: 0 });
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
    const clock = new VirtualClock({ startMs: 0 });
    const pace = new RequestPace(clock);
    pace.refused(7_000);
    expect(pace.delayMs).toBe(7_000);
  });

  it("slows down once for refusals that come together", async () => {
    const clock = new VirtualClock({ startMs: 0 });
    const pace = new RequestPace(clock);
    for (let times = 0; times < 100; times++) pace.accepted();
    for (let times = 0; times < 5; times++) pace.refused(1_000);
    await clock.advance(1_000);
    pace.sent();
    expect(pace.delayMs).toBeCloseTo(1_000 / 95, 5);
  });

  it("counts answers that are late to what was accepted before the refusal", async () => {
    const clock = new VirtualClock({ startMs: 0 });
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

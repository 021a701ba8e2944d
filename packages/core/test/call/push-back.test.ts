import { describe, expect, it } from "vitest";
import { type ErrorCode, UnavailableError } from "../../src/index.ts";
import { fail, reply, type Step } from "../../src/testing/index.ts";
import { bench, QUERY, rejection } from "../support.ts";
import { NO_JITTER } from "./retry-pace.ts";

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

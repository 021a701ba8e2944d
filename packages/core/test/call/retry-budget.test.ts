import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UnavailableError } from "../../src/index.ts";
import { fail, reply } from "../../src/testing/index.ts";
import { bench, QUERY, rejection } from "../support.ts";

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

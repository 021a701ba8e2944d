import { describe, expect, it } from "vitest";
import { FailedPreconditionError, InternalServerError, UnavailableError } from "../../src/index.ts";
import { fail, hang, reply, type ScriptedTransport, type Step } from "../../src/testing/index.ts";
import { bench, QUERY, rejection } from "../support.ts";

const starts = ({ calls }: ScriptedTransport) => calls.map(({ startedAtMs }) => startedAtMs);

const STARTING = fail("INTERNAL", {
  message:
    "failed to upsert batch for shard 3: rpc error: code = FailedPrecondition desc = stale shard epoch (have 1, want 0)",
});

describe("shards that are not ready", () => {
  it("are polled every 250 to 1,000 ms, outside attempts and budget", async () => {
    const { clock, client, transport } = bench(({ number }) => (number <= 6 ? STARTING : reply()), {
      retry: { maxAttempts: 1 },
    });
    expect(await clock.run(client.upsert("docs", [{ id: "a", vector: [1] }]))).toBe(1);
    expect(starts(transport)).toEqual([0, 250, 625, 1_187.5, 2_031.25, 3_031.25, 4_031.25]);
  });

  it("are given up at the deadline with an UnavailableError that names waitUntilReady", async () => {
    const { clock, client } = bench(() => STARTING);
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(error.message).toContain('await waitUntilReady("docs") before using it');
    expect(error.message).toContain("stale shard epoch");
    expect(error.retryable).toBe(true);
    expect(clock.now()).toBeLessThanOrEqual(10_000);
    expect(clock.now()).toBeGreaterThan(9_000);
    expect(error.attempts.length).toBeGreaterThan(10);
    expect(error.attempts.every(({ code }) => code === "INTERNAL")).toBe(true);
  });

  it("name waitUntilReady as well when the deadline falls into a poll", async () => {
    const { clock, client } = bench(({ number }) => (number <= 2 ? STARTING : hang()), { timeoutMs: 1_000 });
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(1_000);
    expect(error.message).toContain("waitUntilReady");
    expect(error.attempts.map(({ code }) => code)).toEqual(["INTERNAL", "INTERNAL", "DEADLINE_EXCEEDED"]);
  });

  it("leave the attempts and the budget for other failures", async () => {
    const script = ({ number }: { number: number }): Step => {
      if (number <= 5) return STARTING;
      return number <= 7 ? fail("UNAVAILABLE") : reply();
    };
    const { clock, client, transport } = bench(script);
    await clock.run(client.search("docs", QUERY));
    expect(transport.calls).toHaveLength(8);
  });

  it("leave a hedge for the polls, which count their copies as one poll", async () => {
    const script = ({ number }: { number: number }): Step => {
      if (number <= 6) return fail("UNAVAILABLE", { message: "shard 1 not ready", afterMs: 100 });
      return number <= 8 ? fail("UNAVAILABLE") : reply();
    };
    const { clock, client, transport } = bench(script, { hedge: true });
    await clock.run(client.search("docs", QUERY));
    expect(transport.calls).toHaveLength(9);
  });

  it("are polled when the server says, where it says so", async () => {
    const message = "shard 7 not ready";
    const { clock, client, transport } = bench([
      fail("UNAVAILABLE", { message, metadata: { "retry-after": "2" } }),
      fail("UNAVAILABLE", { message, metadata: { "grpc-retry-pushback-ms": "10" } }),
      reply(),
    ]);
    await clock.run(client.get("docs", "a"));
    expect(starts(transport)).toEqual([0, 2_000, 2_010]);
  });

  it("are not polled when the server forbids it", async () => {
    const metadata = { "grpc-retry-pushback-ms": "-1" };
    const { clock, client, transport } = bench([
      fail("UNAVAILABLE", { message: "shard 7 not ready", metadata }),
    ]);
    await clock.run(rejection(UnavailableError, client.get("docs", "a")));
    expect(transport.calls).toHaveLength(1);
  });

  it("do not colour the error of another failure that follows", async () => {
    const { clock, client } = bench([STARTING, fail("INTERNAL", { message: "disk full" })]);
    const error = await clock.run(rejection(InternalServerError, client.search("docs", QUERY)));
    expect(error.message).toMatch(/^disk full/);
  });

  it("are told apart from other preconditions", async () => {
    const { clock, client, transport } = bench([
      fail("FAILED_PRECONDITION", { message: "get not supported on search-only worker" }),
    ]);
    await clock.run(rejection(FailedPreconditionError, client.get("docs", "a")));
    expect(transport.calls).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { DeadlineExceededError, type Interceptor } from "../../src/index.ts";
import { fail, hang, reply } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, collect, QUERY, rejection } from "../support.ts";

describe("the deadline of a call", () => {
  it("is 10 s unless something else is said, exact to the millisecond", async () => {
    const { clock, client, transport } = bench({ search: [hang()] });
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(10_000);
    expect(error.message).toContain("the deadline passed after 10000 ms");
    expect(transport.calls[0]).toMatchObject({ deadline: 10_000, outcome: "aborted", endedAtMs: 10_000 });
    expect(clock.pendingTimers).toBe(0);
  });

  it("is the client's timeoutMs, and the call's before that", async () => {
    const { clock, client, transport } = bench({ search: [hang(), hang()] }, { timeoutMs: 700 });
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(700);
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY, { timeoutMs: 42 })));
    expect(clock.now()).toBe(742);
    expect(transport.calls.map(({ deadline }) => deadline)).toEqual([700, 742]);
  });

  it("is the same for every attempt", async () => {
    const { clock, client, transport } = bench(
      { search: [fail("UNAVAILABLE", { afterMs: 100 }), fail("UNAVAILABLE", { afterMs: 100 }), reply()] },
      { timeoutMs: 5_000 },
    );
    await clock.run(client.search("docs", QUERY));
    expect(transport.calls.map(({ deadline }) => deadline)).toEqual([5_000, 5_000, 5_000]);
  });

  it("covers the interceptors", async () => {
    const never: Interceptor = () => () => new Promise(() => {});
    const { clock, client, transport } = bench(ALWAYS_REPLY, { interceptors: [never], timeoutMs: 50 });
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(50);
    expect(transport.calls).toEqual([]);
  });

  it("lets an interceptor that was too slow send nothing", async () => {
    const slow: Interceptor = (next) => async (call) => {
      await clock.sleep(60);
      return next(call);
    };
    const { clock, client, transport } = bench(ALWAYS_REPLY, { interceptors: [slow], timeoutMs: 50 });
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    await clock.advance(100);
    expect(transport.calls).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends what an interceptor waits for, however the transport behaves", async () => {
    const seen: unknown[] = [];
    const watching: Interceptor = (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        seen.push(error);
        throw error;
      }
    };
    const { clock, client } = bench(
      { search: [hang({ ignoreAbort: true })] },
      { interceptors: [watching], timeoutMs: 50 },
    );
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(seen).toEqual([error]);
  });

  it("covers the token", async () => {
    const { clock, client, transport } = bench(ALWAYS_REPLY, {
      auth: () => new Promise(() => {}),
      timeoutMs: 50,
    });
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(50);
    expect(error.message).toContain("after 50 ms, spent on a token or an interceptor [Search");
    expect(error.attempts).toEqual([]);
    expect(error.retryable).toBe(true);
    expect(transport.calls).toEqual([]);
  });

  it("lets a token that came too late send nothing", async () => {
    const { clock, client, transport } = bench(ALWAYS_REPLY, {
      auth: async () => {
        await clock.sleep(60);
        return "late-token";
      },
      timeoutMs: 50,
    });
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    await clock.advance(100);
    expect(transport.calls).toEqual([]);
  });

  it("leaves the attempts what token and interceptors left over", async () => {
    const slow: Interceptor = (next) => async (call) => {
      await clock.sleep(30);
      return next(call);
    };
    const { clock, client, transport } = bench(
      { search: [hang()] },
      {
        interceptors: [slow],
        auth: async () => {
          await clock.sleep(40);
          return "some-token";
        },
        timeoutMs: 100,
      },
    );
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(transport.calls[0]).toMatchObject({ startedAtMs: 70, deadline: 100, endedAtMs: 100 });
  });

  it("is not slept past by a back-off: the last failure is told at once", async () => {
    const { clock, client, transport } = bench(
      { search: [fail("UNAVAILABLE", { afterMs: 90 })] },
      { timeoutMs: 100, retry: { initialDelayMs: 50, jitter: 0 } },
    );
    const error = await clock.run(
      client.search("docs", QUERY).then(
        () => undefined,
        (reason) => reason,
      ),
    );
    expect(error).toMatchObject({ name: "UnavailableError", code: "UNAVAILABLE", retryable: true });
    expect(clock.now()).toBe(90);
    expect(transport.calls).toHaveLength(1);
  });

  it("ends a back-off that it falls into with an attempt", async () => {
    const { clock, client, transport } = bench(
      { search: [fail("UNAVAILABLE", { message: "first" }), hang()] },
      { timeoutMs: 100, retry: { initialDelayMs: 50, jitter: 0 } },
    );
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(100);
    expect(error.message).toContain("the last failure was UNAVAILABLE: first");
    expect(error.attempts).toMatchObject([
      { number: 1, code: "UNAVAILABLE", startMs: 0, durationMs: 0 },
      { number: 2, code: "DEADLINE_EXCEEDED", startMs: 50, durationMs: 50, requestSent: "unknown" },
    ]);
    expect(transport.calls).toHaveLength(2);
  });

  it("covers both copies of a hedged read", async () => {
    const { clock, client, transport } = bench({ search: [hang(), hang()] }, { timeoutMs: 200, hedge: true });
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(200);
    expect(transport.calls.map(({ outcome, endedAtMs }) => [outcome, endedAtMs])).toEqual([
      ["aborted", 200],
      ["aborted", 200],
    ]);
    expect(error.attempts).toMatchObject([
      { number: 1, hedge: false, code: "DEADLINE_EXCEEDED" },
      { number: 2, hedge: true, code: "DEADLINE_EXCEEDED", startMs: 75 },
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not need the transport to answer the abort", async () => {
    const { clock, client, transport } = bench({ search: [hang({ ignoreAbort: true })] }, { timeoutMs: 80 });
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(clock.now()).toBe(80);
    expect(transport.calls[0]).toMatchObject({ outcome: "open", aborted: true });
    expect(clock.pendingTimers).toBe(0);
  });

  it("covers a whole stream, its pauses included", async () => {
    const { clock, client, transport } = bench(
      { searchStream: [fail("UNAVAILABLE", { afterMs: 20 }), hang()] },
      { timeoutMs: 300 },
    );
    await clock.run(rejection(DeadlineExceededError, collect(client.searchStream("docs", QUERY))));
    expect(clock.now()).toBe(300);
    expect(transport.calls[1]).toMatchObject({ outcome: "aborted", endedAtMs: 300 });
  });

  it("keeps the platform's error of the last failure as its cause", async () => {
    const cause = new Error("ECONNRESET");
    const { clock, client } = bench(
      { search: [fail("UNAVAILABLE", { cause }), hang()] },
      { timeoutMs: 300, retry: { jitter: 0 } },
    );
    const error = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(error.cause).toBe(cause);
  });

  it("may have let a write through: it is retryable only where repeating is harmless", async () => {
    const { clock, client } = bench(() => hang(), { timeoutMs: 50 });
    const feedback = { collection: "docs", items: [{ resultId: "a", relevanceScore: 3 }] };
    const write = await clock.run(rejection(DeadlineExceededError, client.submitFeedback(feedback)));
    expect(write.retryable).toBe(false);
    const read = await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(read.retryable).toBe(true);
  });

  it("is told apart from a server's own, which is retried while time remains", async () => {
    const { clock, client, transport } = bench({
      search: [fail("DEADLINE_EXCEEDED", { afterMs: 5 }), reply()],
    });
    await clock.run(client.search("docs", QUERY));
    expect(transport.calls).toHaveLength(2);
  });

  it("reaches interceptors, and the transport as an aborted signal", async () => {
    let deadline: number | undefined;
    const watching: Interceptor = (next) => (call) => {
      deadline = call.deadline;
      return next(call);
    };
    const { clock, client } = bench({ search: [hang()] }, { interceptors: [watching], timeoutMs: 50 });
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    expect(deadline).toBe(50);
  });
});

import { describe, expect, it } from "vitest";
import {
  InvalidArgumentError,
  NotFoundError,
  type ResponseInfo,
  UnavailableError,
  type VectronClient,
} from "../../src/index.ts";
import { fail, hang, reply, type ScriptedTransport, type Step } from "../../src/testing/index.ts";
import { bench, collect, QUERY, rejection } from "../support.ts";

const starts = ({ calls }: ScriptedTransport) => calls.map(({ startedAtMs }) => startedAtMs);
const outcomes = ({ calls }: ScriptedTransport) => calls.map(({ outcome }) => outcome);

const found = (id: string, afterMs: number): Step =>
  reply({ point: { id, vector: new Float32Array(1), payload: {} } }, { afterMs });

describe("hedging", () => {
  it("is off unless it is asked for", async () => {
    const { clock, client, transport } = bench([found("slow", 500)]);
    await clock.run(client.get("docs", "a"));
    expect(transport.calls).toHaveLength(1);
  });

  it.each<[string, true | { delayMs?: number }, number]>([
    ["by true", true, 75],
    ["by an object without a delay", {}, 75],
    ["with a delay of its own", { delayMs: 20 }, 20],
    ["with none", { delayMs: 0 }, 0],
  ])("sends a second copy after its delay: %s", async (_how, hedge, delayMs) => {
    const { clock, client, transport } = bench([found("first", 100), found("second", 50)], { hedge });
    await clock.run(client.get("docs", "a"));
    expect(starts(transport)).toEqual([0, delayMs]);
  });

  it("keeps the client's delay when a call only says that it is to be hedged", async () => {
    const { clock, client, transport } = bench([found("first", 100), found("second", 50)], {
      hedge: { delayMs: 30 },
    });
    await clock.run(client.get("docs", "a", { hedge: true }));
    expect(starts(transport)).toEqual([0, 30]);
  });

  it("sends no second copy when the first is quick", async () => {
    const { clock, client, transport } = bench([found("first", 74)], { hedge: true });
    await clock.run(client.get("docs", "a"));
    await clock.advance(1_000);
    expect(transport.calls).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("takes the first copy's success and cancels the second", async () => {
    const { clock, client, transport } = bench([found("first", 100), found("second", 500)], { hedge: true });
    expect((await clock.run(client.get("docs", "a"))).id).toBe("first");
    await clock.advance(0);
    expect(outcomes(transport)).toEqual(["replied", "aborted"]);
    expect(clock.now()).toBe(100);
    expect(clock.pendingTimers).toBe(0);
  });

  it("takes the second copy's success and cancels the first", async () => {
    const { clock, client, transport } = bench([hang(), found("second", 5)], { hedge: true });
    expect((await clock.run(client.get("docs", "a"))).id).toBe("second");
    await clock.advance(0);
    expect(outcomes(transport)).toEqual(["aborted", "replied"]);
    expect(clock.now()).toBe(80);
  });

  it("tells of both copies, whatever the transport makes of the abort", async () => {
    let info: ResponseInfo | undefined;
    const { clock, client } = bench([hang({ ignoreAbort: true }), found("second", 5)], { hedge: true });
    await clock.run(
      client.get("docs", "a", {
        onResponse: (given) => {
          info = given;
        },
      }),
    );
    expect(info?.attempts).toMatchObject([
      { number: 1, hedge: false, code: "CANCELLED", startMs: 0, durationMs: 80 },
      { number: 2, hedge: true, code: "OK", startMs: 75, durationMs: 5 },
    ]);
  });

  it.each<[string, Step[]]>([
    [
      "of the first copy",
      [fail("NOT_FOUND", { message: "vector with id a not found", afterMs: 90 }), hang()],
    ],
    [
      "of the second copy",
      [hang(), fail("NOT_FOUND", { message: "vector with id a not found", afterMs: 15 })],
    ],
  ])("settles at once on an error that the other copy would meet too: %s", async (_which, steps) => {
    const { clock, client, transport } = bench(steps, { hedge: true });
    const error = await clock.run(rejection(NotFoundError, client.get("docs", "a")));
    expect(clock.now()).toBe(90);
    await clock.advance(0);
    expect(outcomes(transport).sort()).toEqual(["aborted", "failed"]);
    expect(error.attempts.map(({ code }) => code).sort()).toEqual(["CANCELLED", "NOT_FOUND"]);
  });

  it("waits for the other copy on a failure that may pass", async () => {
    const { clock, client } = bench([fail("UNAVAILABLE", { afterMs: 80 }), found("second", 100)], {
      hedge: true,
    });
    expect((await clock.run(client.get("docs", "a"))).id).toBe("second");
    expect(clock.now()).toBe(175);
  });

  it("settles when both copies have failed", async () => {
    const { clock, client, transport } = bench(
      [
        fail("UNAVAILABLE", { message: "one", afterMs: 80 }),
        fail("UNAVAILABLE", { message: "two", afterMs: 15 }),
      ],
      { hedge: true, retry: { maxAttempts: 2 } },
    );
    const error = await clock.run(rejection(UnavailableError, client.get("docs", "a")));
    expect(clock.now()).toBe(90);
    expect(error.message).toContain("two");
    expect(error.attempts.map(({ message }) => message)).toEqual(["one", "two"]);
    expect(outcomes(transport)).toEqual(["failed", "failed"]);
  });

  it("does not wait for the delay when the first copy fails before it", async () => {
    const { clock, client, transport } = bench([fail("UNAVAILABLE", { afterMs: 10 }), found("retry", 5)], {
      hedge: true,
      retry: { initialDelayMs: 20, jitter: 0 },
    });
    await clock.run(client.get("docs", "a"));
    expect(starts(transport)).toEqual([0, 30]);
  });

  it("counts each copy as an attempt", async () => {
    const slow = fail("UNAVAILABLE", { afterMs: 100 });
    const three = bench(() => slow, { hedge: true });
    const error = await three.clock.run(rejection(UnavailableError, three.client.get("docs", "a")));
    expect(error.attempts.map(({ hedge }) => hedge)).toEqual([false, true, false]);

    const one = bench(() => slow, { hedge: true, retry: { maxAttempts: 1 } });
    await one.clock.run(rejection(UnavailableError, one.client.get("docs", "a")));
    expect(one.transport.calls).toHaveLength(1);
  });

  it("is off under throttling", async () => {
    const { clock, client, transport } = bench(
      (call) => (call.method === "search" ? fail("UNAVAILABLE") : found("slow", 100)),
      { hedge: true },
    );
    await clock.run(client.get("docs", "a"));
    expect(transport.calls).toHaveLength(2);
    for (let round = 0; round < 5; round++) await clock.run(client.search("docs", QUERY).catch(() => {}));
    const before = transport.calls.length;
    await clock.run(client.get("docs", "a"));
    expect(transport.calls.length - before).toBe(1);
  });

  it.each<[string, (client: VectronClient) => Promise<unknown>]>([
    ["Upsert", (client) => client.upsert("docs", [{ id: "a", vector: [1] }])],
    ["Delete", (client) => client.delete("docs", "a")],
    [
      "CreateCollection",
      (client) => client.createCollection({ name: "d", dimension: 1 }, { waitUntilReady: false }),
    ],
    ["UpdateUserProfile", (client) => client.updateUserProfile({ plan: "free" })],
    ["SearchStream", (client) => collect(client.searchStream("docs", QUERY))],
  ])("is for unary reads only, not for %s", async (_method, call) => {
    const { clock, client, transport } = bench(() => reply(undefined, { afterMs: 500 }), { hedge: true });
    await clock.run(call(client));
    expect(transport.calls).toHaveLength(1);
  });

  it.each<[string, (client: VectronClient) => Promise<unknown>]>([
    ["Search", (client) => client.search("docs", QUERY)],
    ["Get", (client) => client.get("docs", "a")],
    ["ListCollections", (client) => client.listCollections()],
    ["GetCollectionStatus", (client) => client.getCollectionStatus("docs")],
  ])("is for %s", async (_method, call) => {
    const { clock, client, transport } = bench(() => reply(undefined, { afterMs: 100 }), { hedge: true });
    await clock.run(call(client));
    expect(transport.calls).toHaveLength(2);
  });

  it("can be turned on and off for one call", async () => {
    const on = bench(() => found("a", 100));
    await on.clock.run(on.client.get("docs", "a", { hedge: { delayMs: 10 } }));
    expect(starts(on.transport)).toEqual([0, 10]);

    const off = bench(() => found("a", 100), { hedge: true });
    await off.clock.run(off.client.get("docs", "a", { hedge: false }));
    expect(off.transport.calls).toHaveLength(1);
  });

  it("sends both copies with the same request, headers and deadline", async () => {
    const { clock, client, transport } = bench(() => found("a", 100), { hedge: true, apiKey: "some-token" });
    await clock.run(client.get("docs", "a"));
    const [first, second] = transport.calls;
    expect(second).toMatchObject({
      message: first?.message,
      headers: first?.headers,
      deadline: first?.deadline,
    });
  });

  it("settles at once on a failure that is no failure of the transport", async () => {
    const { clock, client } = bench([fail("INVALID_ARGUMENT", { afterMs: 80 }), hang()], { hedge: true });
    await clock.run(rejection(InvalidArgumentError, client.get("docs", "a")));
    expect(clock.now()).toBe(80);
    expect(clock.pendingTimers).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { CallRunner } from "../../src/call/call-runner.ts";
import { loadCode } from "../../src/call/load-code.ts";
import { resolveClientOptions } from "../../src/client/client-options.ts";
import {
  CancelledError,
  DeadlineExceededError,
  InvalidArgumentError,
  UnavailableError,
} from "../../src/index.ts";
import { ScriptedTransport, VirtualClock } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, countingSignal, rejection } from "../support.ts";

function runnerOf(clock: VirtualClock): CallRunner {
  const transport = new ScriptedTransport(ALWAYS_REPLY, { runtime: clock });
  return new CallRunner(transport, clock, resolveClientOptions({ timeoutMs: 500 }, clock).policy);
}

/** Code that never comes, as from a network that is gone. */
const lost = () => new Promise<never>(() => {});

describe("code that an operation needs", () => {
  it("is handed on, and leaves neither timer nor listener behind", async () => {
    const clock = new VirtualClock();
    const { signal, listeners } = countingSignal();
    expect(await loadCode(runnerOf(clock), { signal }, async () => "code")).toBe("code");
    expect(clock.pendingTimers).toBe(0);
    expect(listeners()).toBe(0);
  });

  it("that cannot be had fails the call, which may succeed later", async () => {
    const cause = new TypeError("Failed to fetch dynamically imported module");
    const error = await rejection(
      UnavailableError,
      loadCode(runnerOf(new VirtualClock()), undefined, () => Promise.reject(cause)),
    );
    expect(error.retryable).toBe(true);
    expect(error.message).toMatch(/could not be loaded: .*Failed to fetch/);
    expect(error.cause).toBe(cause);
  });

  it("is waited for no longer than the call may take: as it says, else as the client does", async () => {
    const clock = new VirtualClock({ startMs: 0 });
    const runner = runnerOf(clock);
    await clock.run(rejection(DeadlineExceededError, loadCode(runner, { timeoutMs: 200 }, lost)));
    expect(clock.now()).toBe(200);
    await clock.run(rejection(DeadlineExceededError, loadCode(runner, {}, lost)));
    expect(clock.now()).toBe(700);
  });

  it("is not waited for once the caller aborts or the client is closed", async () => {
    const runner = runnerOf(new VirtualClock());
    const controller = new AbortController();
    const aborted = rejection(CancelledError, loadCode(runner, { signal: controller.signal }, lost));
    controller.abort("enough");
    expect((await aborted).cause).toBe("enough");

    const closed = rejection(CancelledError, loadCode(runner, {}, lost));
    await runner.close();
    expect((await closed).message).toBe("the client was closed");
  });

  it("is not asked for with options that are wrong", async () => {
    const runner = runnerOf(new VirtualClock());
    const asked: string[] = [];
    const load = async () => asked.push("code");
    await rejection(InvalidArgumentError, loadCode(runner, { timeoutMs: -1 }, load));
    await rejection(InvalidArgumentError, loadCode(runner, { signal: "now" as never }, load));
    expect(asked).toEqual([]);
  });
});

describe("an operation whose code is loaded by its first call", () => {
  it("sends nothing when its caller has aborted already", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    const signal = AbortSignal.abort();
    await rejection(CancelledError, client.createCollection({ name: "docs", dimension: 2 }, { signal }));
    await rejection(CancelledError, client.getMany("docs", ["a"], { signal }));
    await rejection(CancelledError, client.collection("docs").drop({ signal }));
    expect(transport.calls).toEqual([]);
  });
});

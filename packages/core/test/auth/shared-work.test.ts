import { describe, expect, it } from "vitest";
import { SharedWork } from "../../src/auth/shared-work.ts";
import { CancelledError } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/index.ts";
import { countingSignal } from "../support.ts";

const NEVER = new AbortController().signal;

/** Work that takes 100 ms and numbers its results. */
function numbered(clock: VirtualClock) {
  let count = 0;
  return async () => {
    count += 1;
    const number = count;
    await clock.sleep(100);
    return number;
  };
}

describe("shared work", () => {
  it("is done once for all who come while it is under way", async () => {
    const clock = new VirtualClock();
    const shared = new SharedWork<number>(clock, 1_000);
    const work = numbered(clock);
    const both = () => Promise.all([shared.run(work, NEVER), shared.run(work, NEVER)]);
    expect(await clock.run(both())).toEqual([1, 1]);
    expect(await clock.run(both())).toEqual([2, 2]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("fails for all who wait, and is done anew after that", async () => {
    const clock = new VirtualClock();
    const shared = new SharedWork<number>(clock, 1_000);
    const work = numbered(clock);
    const failure = new Error("no");
    const failing = async () => {
      await clock.sleep(50);
      throw failure;
    };
    const results = await clock.run(
      Promise.allSettled([shared.run(failing, NEVER), shared.run(work, NEVER)]),
    );
    expect(results).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
    expect(await clock.run(shared.run(work, NEVER))).toBe(1);
  });

  it("is taken over, once, from a caller who leaves", async () => {
    const clock = new VirtualClock();
    const shared = new SharedWork<number>(clock, 10_000);
    const work = numbered(clock);
    const controller = new AbortController();
    const leaving = shared.run(async () => {
      await clock.sleep(30);
      throw new Error("aborted");
    }, controller.signal);
    const waiting = Promise.all([shared.run(work, NEVER), shared.run(work, NEVER)]);
    controller.abort();
    await expect(clock.run(leaving)).rejects.toThrow("aborted");
    expect(await clock.run(waiting)).toEqual([1, 1]);
  });

  it("is taken over from a caller who never comes back", async () => {
    const clock = new VirtualClock();
    const shared = new SharedWork<number>(clock, 1_000);
    const start = clock.now();
    void shared.run(() => new Promise(() => {}), NEVER);
    expect(await clock.run(shared.run(numbered(clock), NEVER))).toBe(1);
    expect(clock.now() - start).toBe(1_100);
  });

  it("is not waited for by a caller whose signal is aborted, who leaves no listener behind", async () => {
    const clock = new VirtualClock();
    const shared = new SharedWork<number>(clock, 1_000);
    const first = shared.run(numbered(clock), NEVER);
    const { controller, signal, listeners } = countingSignal();
    const waiting = shared.run(numbered(clock), signal).catch((error: unknown) => error);
    await clock.advance(50);
    controller.abort();
    expect(await waiting).toBeInstanceOf(CancelledError);
    expect(listeners()).toBe(0);
    expect(await clock.run(first)).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });
});

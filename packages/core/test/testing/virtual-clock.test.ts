import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../src/testing/index.ts";

describe("VirtualClock", () => {
  it("runs timers in the order in which they are due, each at its own time", async () => {
    const clock = new VirtualClock({ startMs: 1_000 });
    const seen: [string, number][] = [];
    clock.setTimer(() => seen.push(["late", clock.now()]), 30);
    clock.setTimer(() => seen.push(["first of two", clock.now()]), 10);
    clock.setTimer(() => seen.push(["second of two", clock.now()]), 10);
    await clock.advance(100);
    expect(seen).toEqual([
      ["first of two", 1_010],
      ["second of two", 1_010],
      ["late", 1_030],
    ]);
    expect(clock.now()).toBe(1_100);
  });

  it("runs no timer early", async () => {
    const clock = new VirtualClock();
    let ran = false;
    clock.setTimer(() => {
      ran = true;
    }, 10);
    await clock.advance(9);
    expect(ran).toBe(false);
    await clock.advance(1);
    expect(ran).toBe(true);
  });

  it("runs a timer that another timer's work sets, when it falls due in the same span", async () => {
    const clock = new VirtualClock({ startMs: 0 });
    const wakings: number[] = [];
    const work = async () => {
      for (let round = 0; round < 3; round++) {
        await clock.sleep(10);
        wakings.push(clock.now());
      }
    };
    const done = work();
    await clock.advance(25);
    expect(wakings).toEqual([10, 20]);
    await clock.run(done);
    expect(wakings).toEqual([10, 20, 30]);
  });

  it("lets promise chains of any length end before it moves on", async () => {
    const clock = new VirtualClock({ startMs: 0 });
    let at = -1;
    const chain = async () => {
      for (let link = 0; link < 10_000; link++) await Promise.resolve();
      at = clock.now();
    };
    const done = chain();
    clock.setTimer(() => {}, 1);
    await clock.run(done);
    expect(at).toBe(0);
  });

  it("forgets a timer that was cancelled", async () => {
    const clock = new VirtualClock();
    const timer = clock.setTimer(() => expect.unreachable(), 10);
    expect(clock.pendingTimers).toBe(1);
    timer.cancel();
    timer.cancel();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(20);
  });

  it("counts a fired timer as gone", async () => {
    const clock = new VirtualClock();
    clock.setTimer(() => {}, 0);
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("passes on what the work resolves to and rejects with", async () => {
    const clock = new VirtualClock();
    const later = async (fails: boolean) => {
      await clock.sleep(5);
      if (fails) throw new RangeError("no");
      return 42;
    };
    expect(await clock.run(later(false))).toBe(42);
    await expect(clock.run(later(true))).rejects.toThrow(RangeError);
  });

  it("says so when the work waits for what never comes", async () => {
    const clock = new VirtualClock();
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow("no timer of this clock");
    const afterATimer = clock.sleep(10).then(() => new Promise(() => {}));
    await expect(clock.run(afterATimer)).rejects.toThrow("no timer of this clock");
  });

  it("gives the same random numbers for the same seed, spread over the whole range", () => {
    const draw = (seed: number) => {
      const clock = new VirtualClock({ seed });
      return Array.from({ length: 10_000 }, () => clock.random());
    };
    const numbers = draw(7);
    expect(draw(7)).toEqual(numbers);
    expect(draw(8)).not.toEqual(numbers);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = numbers.filter((number) => Math.floor(number * 10) === tenth).length / numbers.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
    }
  });
});

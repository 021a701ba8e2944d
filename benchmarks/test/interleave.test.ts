import { expect, it } from "vitest";
import { cpuMicros, measured, ratio } from "../src/harness/compare.ts";
import type { Contender } from "../src/harness/contender.ts";
import { interleave, type Outcome } from "../src/harness/interleave.ts";

const EFFORT = { rounds: 4, roundMs: 10, warmUpMs: 20 };

/** A contender whose clock is its own: every operation takes so long. */
function steady(name: string, microsEach: number, turns: string[] = []): Contender {
  return {
    name,
    async run(operations) {
      turns.push(name);
      return { operations, cpuMicros: operations * microsEach, wallMicros: operations * microsEach };
    },
    close: async () => {},
  };
}

it("gives each contender as many turns, about as long as asked", async () => {
  const outcomes = await interleave([steady("slow", 2_000), steady("fast", 5)], EFFORT);
  for (const { rounds } of outcomes) {
    expect(rounds).toHaveLength(EFFORT.rounds);
    for (const { wallMicros } of rounds) expect(wallMicros).toBeCloseTo(EFFORT.roundMs * 1_000, -3);
  }
});

it("takes turns in another order each round", async () => {
  const turns: string[] = [];
  await interleave([steady("a", 10_000, turns), steady("b", 10_000, turns)], EFFORT);
  expect(turns.slice(-8)).toEqual(["a", "b", "b", "a", "a", "b", "b", "a"]);
});

it("lets the others go on when one fails, and says why", async () => {
  const failing = { ...steady("failing", 10), run: () => Promise.reject(new Error("out of order")) };
  const [first, second] = await interleave([failing, steady("steady", 10)], EFFORT);
  expect(first).toMatchObject({ rounds: [], failure: "out of order" });
  expect(second?.rounds).toHaveLength(EFFORT.rounds);
  expect(() => measured(first as Outcome, cpuMicros)).toThrow("failing failed: out of order");
});

it("compares rounds that were next to each other", () => {
  const rounds = (costs: number[]) =>
    costs.map((cost) => ({ operations: 2, cpuMicros: cost, wallMicros: 1 }));
  const one: Outcome = { name: "one", rounds: rounds([30, 300, 60]), failure: undefined };
  const base: Outcome = { name: "base", rounds: rounds([10, 100, 20]), failure: undefined };
  expect(ratio(one, base, cpuMicros)).toEqual({ median: 3, lower: 3, upper: 3 });
});

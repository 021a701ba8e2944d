import { expect, it } from "vitest";
import { profileWork } from "../src/harness/cpu-profile.ts";

function spin(): number {
  let sum = 0;
  for (let index = 0; index < 3e7; index++) sum += Math.sqrt(index);
  return sum;
}

it("says in which functions and parts the time of some work went", async () => {
  const { parts, functions } = await profileWork(async () => {
    spin();
  });
  expect(functions[0]?.where).toContain("spin");
  for (const shares of [parts, functions]) {
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  }
});

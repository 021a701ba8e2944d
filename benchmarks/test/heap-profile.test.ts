import { expect, it } from "vitest";
import { profileHeap } from "../src/harness/heap-profile.ts";

function allocate(): number {
  let length = 0;
  for (let index = 0; index < 200_000; index++) length += [index, index].length;
  return length;
}

it("says in which functions and parts objects were made", async () => {
  const { bytes, profile } = await profileHeap(async () => {
    allocate();
  });
  expect(bytes).toBeGreaterThan(0);
  for (const shares of [profile.parts, profile.functions]) {
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  }
});

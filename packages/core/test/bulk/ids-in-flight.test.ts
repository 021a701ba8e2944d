import fc from "fast-check";
import { expect, it } from "vitest";
import { hashOf, IdsInFlight } from "../../src/bulk/ids-in-flight.ts";

/** Hashes of which many share a slot, or lie in the slots of others, the last and the first among them. */
const hash = fc
  .tuple(fc.constantFrom(1, 2, 1_022, 1_023), fc.integer({ min: 0, max: 40 }), fc.integer())
  .map(([slot, turns, any]) => (turns === 0 ? any | 1 : slot + turns * 1_024));

it("knows the ids of the batches that are under way, as sets do", () => {
  fc.assert(
    fc.property(fc.array(fc.array(hash, { maxLength: 60 }), { maxLength: 60 }), (batches) => {
      const ids = new IdsInFlight();
      const underWay: number[][] = [];
      for (const batch of batches) {
        const there = new Set(underWay.flat());
        const shared = batch.some((one) => there.has(one));
        expect(ids.add(batch)).toBe(!shared);
        // One that has to wait does so until the oldest is settled.
        if (shared) ids.remove(underWay.shift() ?? []);
        else underWay.push(batch);
      }
    }),
    { numRuns: 2_000 },
  );
});

it("takes more ids than it has room for at first, and lets go of all of them", () => {
  const ids = new IdsInFlight();
  const batches = Array.from({ length: 50 }, (_, batch) =>
    Array.from({ length: 480 }, (_, index) => hashOf(`point-${batch * 480 + index}`)),
  );
  for (const batch of batches) expect(ids.add(batch)).toBe(true);
  for (const batch of batches) expect(ids.add(batch)).toBe(false);
  for (const batch of batches) ids.remove(batch);
  for (const batch of batches) expect(ids.add(batch)).toBe(true);
});

it("has hashes that tell ids apart which differ in one place only", () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => `point-${index}`);
  // Of so many, one pair in 4 billion shares one: 1.2 pairs are to be expected.
  expect(new Set(ids.map(hashOf)).size).toBeGreaterThan(99_980);
  expect(ids.every((id) => hashOf(id) !== 0 && Number.isInteger(hashOf(id)))).toBe(true);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { CandidateHeap } from "../../src/scan/candidate-heap.ts";

test("entries come in the order of their bounds, up to the limit", () => {
  const heap = new CandidateHeap(50);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 50 }),
      fc.integer({ max: 25 }),
      (bounds, limit) => {
        heap.fill(Float64Array.from(bounds), bounds.length);
        const taken: number[] = [];
        for (let entry = heap.take(limit); entry >= 0; entry = heap.take(limit)) taken.push(entry);
        expect(new Set(taken).size).toBe(taken.length);
        const wanted = bounds.filter((bound) => bound <= limit).sort((a, b) => a - b);
        expect(taken.map((entry) => bounds[entry]!)).toEqual(wanted);
      },
    ),
  );
});

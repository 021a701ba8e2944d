import fc from "fast-check";
import { expect, test } from "vitest";
import { IdMap } from "../../src/engine/id-map.ts";

/** More than the map holds before it is split. */
const MANY = 40_000;

test("is what a Map is, before and after it is split", () => {
  const ids = fc.oneof(
    fc.constantFrom("", "a", "__proto__", "p1", "x".repeat(100)),
    fc.string({ unit: "binary" }),
  );
  const operations = fc.array(fc.record({ id: ids, value: fc.nat(), isDelete: fc.boolean() }), {
    maxLength: 60,
  });
  for (const filled of [0, MANY]) {
    fc.assert(
      fc.property(operations, (steps) => {
        const map = new IdMap();
        const model = new Map<string, number>();
        for (let n = 0; n < filled; n++) {
          map.set(`p${n}`, n);
          model.set(`p${n}`, n);
        }
        for (const { id, value, isDelete } of steps) {
          if (isDelete) {
            expect(map.delete(id)).toBe(model.delete(id));
          } else {
            expect(map.set(id, value)).toBe(!model.has(id));
            model.set(id, value);
          }
          expect(map.get(id)).toBe(model.get(id));
          expect(map.size).toBe(model.size);
        }
        for (const id of ["p0", "p39999", "p40000"]) expect(map.get(id)).toBe(model.get(id));
        expect([...map.values()].sort((a, b) => a - b)).toEqual([...model.values()].sort((a, b) => a - b));
      }),
      { numRuns: filled === 0 ? 100 : 3 },
    );
  }
});

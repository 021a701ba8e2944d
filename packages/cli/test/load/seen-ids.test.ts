import fc from "fast-check";
import { expect, it } from "vitest";
import { SeenIds } from "../../src/load/seen-ids.ts";

it("knows every id again, as a map does", () => {
  const id = fc.string({ unit: "binary", maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.record({ id, forgets: fc.boolean() })), (steps) => {
      const seen = new SeenIds();
      const model = new Map<string, number>();
      steps.forEach((step, i) => {
        if (step.forgets) {
          seen.forget(step.id);
          model.delete(step.id);
          return;
        }
        expect(seen.add(step.id, i + 1)).toBe(model.get(step.id));
        if (!model.has(step.id)) model.set(step.id, i + 1);
      });
    }),
  );
});

it("keeps them apart when there are many, and grows", () => {
  const seen = new SeenIds();
  const count = 300_000;
  for (let i = 0; i < count; i++) expect(seen.add(`doc-${i}`, i + 1)).toBeUndefined();
  for (let i = 0; i < count; i += 997) expect(seen.add(`doc-${i}`, count + i)).toBe(i + 1);
});

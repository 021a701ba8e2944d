import fc from "fast-check";
import { expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { Point } from "../../src/engine/point.ts";
import { openEngine } from "../../src/storage/open-engine.ts";
import { temporaryDirectory } from "./support/directories.ts";

const name = fc.constantFrom("one", "two", "\u{1f600}");
const id = fc.oneof(
  fc.constantFrom("a", "b", "c", "d"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }),
);
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 4 }),
  fc.integer({ min: 3_000, max: 9_000 }).map((n) => "x".repeat(n)),
);
const point = fc.record({
  id,
  vector: fc
    .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 })
    .map((v) => Float32Array.from(v)),
  payload: fc.dictionary(fc.oneof(text, fc.constant("__proto__")), text, { maxKeys: 2 }),
});

type Step =
  | { readonly kind: "create" | "drop"; readonly name: string }
  | { readonly kind: "upsert"; readonly name: string; readonly batches: readonly (readonly Point[])[] }
  | { readonly kind: "delete"; readonly name: string; readonly id: string }
  | { readonly kind: "reopen"; readonly durability: "sync" | "relaxed" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("create" as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("upsert" as const),
      name,
      batches: fc.array(fc.array(point, { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), name, id }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("reopen" as const),
      durability: fc.constantFrom("sync" as const, "relaxed" as const),
    }),
  },
);

type Model = Map<string, Map<string, Point>>;

async function apply(engine: Engine, model: Model, action: Exclude<Step, { kind: "reopen" }>): Promise<void> {
  const { name: collection } = action;
  const points = model.get(collection);
  switch (action.kind) {
    case "create": {
      const spec = { name: collection, dimension: 3, metric: "dot", distance: "dot" } as const;
      expect(await engine.createCollection(spec)).toBe(points === undefined);
      if (points === undefined) model.set(collection, new Map());
      return;
    }
    case "drop":
      expect(await engine.deleteCollection(collection)).toBe(points !== undefined);
      model.delete(collection);
      return;
    case "upsert":
      if (points === undefined) return;
      // Without waiting in between: they take effect in their order.
      await Promise.all(action.batches.map((batch) => engine.collection(collection)!.upsert(batch)));
      for (const written of action.batches.flat()) points.set(written.id, written);
      return;
    case "delete":
      if (points === undefined) return;
      await engine.collection(collection)!.delete(action.id);
      points.delete(action.id);
  }
}

function contentsOf(engine: Engine): Model {
  return new Map(
    engine.collectionNames().map((collection) => {
      const points = [...engine.collection(collection)!.points()].map((p) => ({
        ...p,
        vector: p.vector.slice(),
      }));
      return [collection, new Map(points.map((p) => [p.id, p]))];
    }),
  );
}

it("a directory and a map agree over random operations, opened again and again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const path = temporaryDirectory();
      const model: Model = new Map();
      let engine = await openEngine({ path });
      try {
        for (const action of [...steps, { kind: "reopen", durability: "sync" } as const]) {
          if (action.kind !== "reopen") {
            await apply(engine, model, action);
            continue;
          }
          expect(contentsOf(engine)).toEqual(model);
          await engine.close();
          engine = await openEngine({ path, durability: action.durability });
          expect(contentsOf(engine)).toEqual(model);
        }
      } finally {
        await engine.close();
      }
    }),
    { numRuns: 25 },
  );
});

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { METRICS, type Metric } from "../../src/engine/metric.ts";
import type { Point } from "../../src/engine/point.ts";
import { openEngine } from "../../src/storage/open-engine.ts";
import { naiveSearch } from "../engine/naive-search.ts";
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
/** Small whole numbers: every sum is exact in any order, so that scores agree to the last bit. */
const wholeVector = fc
  .array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 })
  .map((v) => Float32Array.from(v));
const point = fc.record({
  id,
  vector: wholeVector,
  payload: fc.dictionary(fc.oneof(text, fc.constant("__proto__")), text, { maxKeys: 2 }),
});

type Step =
  | { readonly kind: "create"; readonly name: string; readonly metric: Metric }
  | { readonly kind: "drop"; readonly name: string }
  | { readonly kind: "search"; readonly name: string; readonly query: Float32Array; readonly topK: number }
  | { readonly kind: "upsert"; readonly name: string; readonly batches: readonly (readonly Point[])[] }
  | { readonly kind: "delete"; readonly name: string; readonly id: string }
  | { readonly kind: "reopen"; readonly durability: "sync" | "relaxed" };

type SearchStep = Extract<Step, { kind: "search" }>;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("create" as const), name, metric: fc.constantFrom(...METRICS) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("search" as const),
      name,
      query: wholeVector,
      topK: fc.integer({ min: 1, max: 9 }),
    }),
  },
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

interface ModelCollection {
  readonly metric: Metric;
  readonly points: Map<string, Point>;
}

type Model = Map<string, ModelCollection>;

async function apply(engine: Engine, model: Model, action: Exclude<Step, { kind: "reopen" }>): Promise<void> {
  const { name: collection } = action;
  const points = model.get(collection)?.points;
  switch (action.kind) {
    case "create": {
      const spec = { name: collection, dimension: 3, metric: action.metric, distance: action.metric };
      expect(await engine.createCollection(spec)).toBe(points === undefined);
      if (points === undefined) model.set(collection, { metric: action.metric, points: new Map() });
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
    case "search":
      if (points !== undefined) await expectSearch(engine, model, action);
      return;
    case "delete":
      if (points === undefined) return;
      await engine.collection(collection)!.delete(action.id);
      points.delete(action.id);
  }
}

async function expectSearch(
  engine: Engine,
  model: Model,
  { name: collection, query, topK }: SearchStep,
): Promise<void> {
  const { metric, points } = model.get(collection)!;
  const found = await engine.collection(collection)!.search(query, { topK, includeVectors: true });
  expect(found).toEqual(naiveSearch(points.values(), metric, query, topK));
}

function contentsOf(engine: Engine): Model {
  return new Map(
    engine.collectionNames().map((collection) => {
      const { metric } = engine.collection(collection)!.spec;
      const points = [...engine.collection(collection)!.points()].map((p) => ({
        ...p,
        vector: p.vector.slice(),
      }));
      return [collection, { metric, points: new Map(points.map((p) => [p.id, p])) }];
    }),
  );
}

/** What finds everything, in its order, in every collection right after it was opened. */
const ANY_SEARCH = { kind: "search", query: Float32Array.of(1, -2, 3), topK: 1_000 } as const;

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
          for (const [name] of model) await expectSearch(engine, model, { ...ANY_SEARCH, name });
        }
      } finally {
        await engine.close();
      }
    }),
    { numRuns: 25 },
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Collection } from "../../src/engine/collection.ts";
import { Engine } from "../../src/engine/engine.ts";
import { METRICS, type Metric } from "../../src/engine/metric.ts";
import type { Point } from "../../src/engine/point.ts";
import { naiveScore, naiveSearch } from "./naive-search.ts";

const DIMENSION = 5;

/** Small whole numbers: every sum is exact in any order, so engine and model must agree to the last bit. */
const wholeVector = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: DIMENSION, maxLength: DIMENSION })
  .map((components) => Float32Array.from(components));

const id = fc.oneof(
  fc.constantFrom("a", "b", "c", "d", "e", "f", "__proto__", "\u{e000}", "\u{10400}"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
);
const point = fc.record({
  id,
  vector: wholeVector,
  payload: fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), { maxKeys: 2 }),
});

type Step =
  | { readonly kind: "upsert"; readonly points: readonly Point[] }
  | { readonly kind: "delete"; readonly id: string }
  | { readonly kind: "search"; readonly query: Float32Array; readonly topK: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("upsert"), points: fc.array(point, { maxLength: 8 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete"), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("search"),
      query: wholeVector,
      topK: fc.integer({ min: 1, max: 12 }),
    }),
  },
);

/** The plainest possible collection: a map, and a sort of everything at each search. */
class Model {
  readonly points = new Map<string, Point>();

  constructor(readonly metric: Metric) {}

  search(query: Float32Array, topK: number) {
    return naiveSearch(this.points.values(), this.metric, query, topK);
  }
}

async function apply(step: Step, collection: Collection, model: Model): Promise<void> {
  switch (step.kind) {
    case "upsert":
      await collection.upsert(step.points);
      for (const written of step.points) model.points.set(written.id, written);
      break;
    case "delete":
      await collection.delete(step.id);
      model.points.delete(step.id);
      break;
    case "search":
      expect(await collection.search(step.query, { topK: step.topK, includeVectors: true })).toEqual(
        model.search(step.query, step.topK),
      );
  }
}

async function newCollection(metric: Metric, dimension: number): Promise<Collection> {
  const engine = new Engine();
  await engine.createCollection({ name: "c", dimension, metric, distance: metric });
  return engine.collection("c")!;
}

describe.each(METRICS)("%s: engine and model agree", (metric) => {
  it("over random sequences of operations", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const collection = await newCollection(metric, DIMENSION);
        const model = new Model(metric);
        for (const next of steps) await apply(next, collection, model);
        expect(collection.size).toBe(model.points.size);
        for (const stored of model.points.values()) expect(collection.get(stored.id)).toEqual(stored);
        expect(
          new Map([...collection.points()].map((p) => [p.id, { ...p, vector: p.vector.slice() }])),
        ).toEqual(model.points);
      }),
    );
  });

  it("on real-valued vectors, within one unit in the last place of float32", async () => {
    const component = fc.float({ min: -1000, max: 1000, noNaN: true });
    const realVector = fc.array(component, { minLength: 19, maxLength: 19 }).map((v) => Float32Array.from(v));
    await fc.assert(
      fc.asyncProperty(
        fc.array(realVector, { minLength: 1, maxLength: 40 }),
        realVector,
        async (vectors, query) => {
          const collection = await newCollection(metric, 19);
          await collection.upsert(vectors.map((vector, i) => ({ id: `${i}`, vector, payload: {} })));
          const hits = await collection.search(query, { topK: vectors.length });
          expect(hits).toHaveLength(vectors.length);
          for (const hit of hits) {
            const expected = naiveScore(metric, query, vectors[Number(hit.id)]!);
            const scale = metric === "cosine" ? 1 : Math.max(Math.abs(expected), 1e-3);
            expect(Math.abs(hit.score - expected)).toBeLessThanOrEqual(scale * 2 ** -23);
          }
          const scores = hits.map((hit) => hit.score);
          expect(scores).toEqual([...scores].sort((a, b) => a - b));
        },
      ),
    );
  });
});

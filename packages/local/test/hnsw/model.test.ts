import fc from "fast-check";
import { expect, it } from "vitest";
import { METRICS, type Metric } from "../../src/engine/metric.ts";
import { type EmbeddedClient, type OpenOptions, openVectron } from "../../src/index.ts";
import { cleanUp, newDirectory } from "./support.ts";

cleanUp();

const DIMENSION = 3;
const IS_HEAVY = process.env.VECTRON_HEAVY === "1";

/** Small whole numbers: every score is exact in any order of adding up. */
const vector = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: DIMENSION, maxLength: DIMENSION })
  .map((components) => Float32Array.from(components));
const id = fc.integer({ min: 0, max: 60 }).map((n) => `p${n}`);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("upsert" as const),
      points: fc.array(fc.record({ id, vector }), { minLength: 1, maxLength: 20 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), id }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("search" as const),
      vector,
      topK: fc.integer({ min: 1, max: 70 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function naiveScore(metric: Metric, a: Float32Array, b: Float32Array): number {
  const sum = (term: (x: number, y: number) => number) =>
    a.reduce((total, x, i) => total + term(x, b[i]!), 0);
  const inner = sum((x, y) => x * y);
  if (metric === "dot") return 0 - inner;
  if (metric === "euclidean") return sum((x, y) => (x - y) ** 2);
  const norms = sum((x) => x * x) * sum((_, y) => y * y);
  return norms === 0 ? 1 : Math.min(2, Math.max(0, 1 - inner / Math.sqrt(norms)));
}

/** Checks a search by the graph, as far as an approximate one promises anything, and an exact one in full. */
async function checkSearch(client: EmbeddedClient, model: ReadonlyMap<string, Float32Array>, search: Search) {
  const { metric, query } = search;
  const all = [...model]
    .map(([key, stored]) => ({ id: key, score: Math.fround(naiveScore(metric, query.vector, stored)) }))
    .sort((a, b) => a.score - b.score || (a.id < b.id ? -1 : 1));
  const scores = new Map(all.map((hit) => [hit.id, hit.score]));
  const brief = (hits: readonly { id: string; score: number }[]) =>
    hits.map((hit) => ({ id: hit.id, score: hit.score }));
  const found = brief(await client.search("docs", query));
  expect(found).toHaveLength(Math.min(query.topK, model.size));
  for (const hit of found) expect(hit.score).toBe(scores.get(hit.id));
  expect(found).toEqual([...found].sort((a, b) => a.score - b.score || (a.id < b.id ? -1 : 1)));
  expect(new Set(found.map((hit) => hit.id)).size).toBe(found.length);
  expect(brief(await client.engine.searchExact("docs", query))).toEqual(all.slice(0, query.topK));
}

interface Search {
  readonly metric: Metric;
  readonly query: { readonly vector: Float32Array; readonly topK: number };
}

async function run(metric: Metric, steps: readonly Step[], options: OpenOptions): Promise<void> {
  const model = new Map<string, Float32Array>();
  let client = await openVectron(options);
  try {
    await client.createCollection({ name: "docs", dimension: DIMENSION, distance: metric });
    // So few that the graph comes, goes and comes again.
    await client.engine.setIndexOptions("docs", { thresholdPoints: 16, efSearch: 4, connectivity: 4 });
    for (const next of steps) {
      switch (next.kind) {
        case "upsert":
          await client.upsert("docs", next.points);
          for (const point of next.points) model.set(point.id, point.vector);
          break;
        case "delete":
          await client.delete("docs", next.id);
          model.delete(next.id);
          break;
        case "wait":
          expect(await client.engine.waitUntilIndexed("docs")).toMatchObject({
            points: model.size,
            pending: 0,
          });
          break;
        case "reopen":
          if (options.path === undefined) break;
          await client.close();
          client = await openVectron(options);
          break;
        case "search":
          await checkSearch(client, model, { metric, query: { vector: next.vector, topK: next.topK } });
      }
    }
  } finally {
    await client.close();
  }
}

it.each(METRICS)("%s: engine and model agree, whatever the graph has taken in", async (metric) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => run(metric, steps, {})),
    { numRuns: IS_HEAVY ? 1000 : 12 },
  );
});

it.each(METRICS)("%s: engine and model agree across reopening", async (metric) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) =>
      run(metric, steps, { path: newDirectory(), durability: "relaxed" }),
    ),
    { numRuns: IS_HEAVY ? 300 : 4 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Metric } from "../../src/engine/metric.ts";
import type { RowHit } from "../../src/engine/row-hit.ts";
import { VectorRows } from "../../src/engine/vector-rows.ts";
import { ScanIndex } from "../../src/scan/scan-index.ts";
import { searchExactNow, searchNow } from "../engine/search-now.ts";
import { clusteredVectors, gaussianVectors, METRICS, normal, random, sourceOf } from "./data.ts";

const ALWAYS = { codesFromComponents: 0 };
const NEVER = { codesFromComponents: Number.POSITIVE_INFINITY };

/** A score and how far rounding may have carried another one from it. */
interface NaiveScore {
  readonly value: number;
  readonly tolerance: number;
}

/** Written out from the definitions, in float64. */
function naiveScore(metric: Metric, query: Float32Array, vector: Float32Array): NaiveScore {
  let dot = 0;
  let absolute = 0;
  let squares = 0;
  let queryNorm = 0;
  let norm = 0;
  for (const [i, a] of query.entries()) {
    const b = vector[i]!;
    dot += a * b;
    absolute += Math.abs(a * b);
    squares += (a - b) ** 2;
    queryNorm += a * a;
    norm += b * b;
  }
  if (metric === "euclidean") return { value: squares, tolerance: 1e-12 * squares };
  if (metric === "dot") return { value: -dot, tolerance: 1e-12 * absolute };
  if (queryNorm === 0 || norm === 0) return { value: 1, tolerance: 0 };
  return { value: 1 - dot / (Math.sqrt(queryNorm) * Math.sqrt(norm)), tolerance: 1e-12 };
}

function expectScore(score: number, { value, tolerance }: NaiveScore): void {
  expect(Math.fround(score)).toBe(score);
  if (Number.isFinite(score)) {
    expect(Math.abs(score - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -24 + tolerance + 2 ** -149);
  } else {
    expect(score).toBe(Math.fround(value));
  }
}

function build(metric: Metric, vectors: readonly Float32Array[], options = ALWAYS): ScanIndex {
  const source = sourceOf(metric, vectors);
  const index = new ScanIndex(source, options);
  for (const [row, vector] of vectors.entries()) index.set(row, vector);
  return index;
}

type Operation =
  | { readonly kind: "set"; readonly row: number; readonly vector: Float32Array }
  | { readonly kind: "remove"; readonly row: number };

const component = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 3, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(100, -100, 1e30, -1e30, 1e-30, 1e-44) },
);

/** Rows come in order, as an engine hands them out; later ones may replace or remove them. */
const programs = fc.integer({ min: 1, max: 70 }).chain((dimension) => {
  const vector = fc
    .array(component, { minLength: dimension, maxLength: dimension })
    .map((values) => Float32Array.from(values));
  // Few different vectors, so that there are ties.
  const pool = fc.array(vector, { minLength: 1, maxLength: 12 });
  const steps = fc.array(fc.record({ pick: fc.nat(), row: fc.nat(), what: fc.nat(9) }), {
    minLength: 1,
    maxLength: 120,
  });
  return fc.record({ pool, steps, topK: fc.integer({ min: 1, max: 12 }) });
});

function operationsOf(
  pool: readonly Float32Array[],
  steps: readonly { readonly pick: number; readonly row: number; readonly what: number }[],
): Operation[] {
  let end = 0;
  return steps.map(({ pick, row, what }): Operation => {
    if (what === 0 && end > 0) return { kind: "remove", row: row % end };
    const at = what === 1 && end > 0 ? row % end : end++;
    return { kind: "set", row: at, vector: pool[pick % pool.length]! };
  });
}

describe.each(METRICS)("%s", (metric) => {
  test("finds what a naive model finds, through overwrites, removals and ties", () => {
    fc.assert(
      fc.property(programs, ({ pool, steps, topK }) => {
        const dimension = pool[0]!.length;
        const rows = new VectorRows(dimension);
        const source = { metric, rows, compareRows: (a: number, b: number) => b - a };
        const coded = new ScanIndex(source, ALWAYS);
        const plain = new ScanIndex(source, NEVER);
        const model = new Map<number, Float32Array>();
        for (const operation of operationsOf(pool, steps)) {
          if (operation.kind === "remove") {
            for (const index of [coded, plain]) index.remove(operation.row);
            model.delete(operation.row);
          } else {
            rows.set(operation.row, operation.vector);
            for (const index of [coded, plain]) index.set(operation.row, operation.vector);
            model.set(operation.row, operation.vector);
          }
        }
        for (const query of [pool[0]!, new Float32Array(dimension), pool[0]!.map((value) => 0.5 - value)]) {
          const all = searchNow(plain, query, steps.length);
          expect(new Set(all.map(({ row }) => row))).toEqual(new Set(model.keys()));
          for (const { row, score } of all) expectScore(score, naiveScore(metric, query, model.get(row)!));
          expect(all).toEqual([...all].sort((a, b) => a.score - b.score || b.row - a.row));
          expect(searchNow(coded, query, topK)).toEqual(all.slice(0, topK));
          expect(searchExactNow(coded, query, topK)).toEqual(all.slice(0, topK));
        }
        expect(coded.size).toBe(model.size);
      }),
      { numRuns: 150 },
    );
  });

  /** Enough rows for several blocks of the scan. */
  const COUNT = 6000;
  const DIMENSION = 48;
  const outliers = normal(5);
  const sets: Record<string, Float32Array[]> = {
    gaussian: gaussianVectors(COUNT, DIMENSION, 1),
    clustered: clusteredVectors(COUNT, DIMENSION, 2),
    "a component 100 times the others, elsewhere in each": gaussianVectors(COUNT, DIMENSION, 3).map(
      (vector, n) => {
        vector[(n * 7) % DIMENSION]! *= 100;
        return vector;
      },
    ),
    "three components 100 times the others": gaussianVectors(COUNT, DIMENSION, 4).map((vector) => {
      for (const i of [2, 17, 40]) vector[i] = 100 * outliers();
      return vector;
    }),
    "two large components that all share": gaussianVectors(COUNT, DIMENSION, 6).map((vector) => {
      vector[3]! += 100;
      vector[30]! -= 80;
      return vector;
    }),
    "lengths from 1e-6 to 1e6": gaussianVectors(COUNT, DIMENSION, 7).map((vector, n) => {
      return vector.map((value) => value * 10 ** ((n % 13) - 6));
    }),
    "many equal vectors": gaussianVectors(40, DIMENSION, 8).flatMap((vector) =>
      Array(COUNT / 40).fill(vector),
    ),
    "zero vectors among others": gaussianVectors(COUNT, DIMENSION, 9).map((vector, n) => {
      return n % 5 === 0 ? vector.fill(0) : vector;
    }),
    "ones and zeros": gaussianVectors(COUNT, DIMENSION, 10).map((vector) =>
      vector.map((value) => (value > 0 ? 1 : 0)),
    ),
    "farthest first": gaussianVectors(COUNT, DIMENSION, 11).map((vector, n) => {
      return vector.map((value) => value + ((COUNT - n) / COUNT) * 20);
    }),
  };

  test.each(Object.entries(sets))("scores few rows and misses none: %s", (_, vectors) => {
    const index = build(metric, vectors);
    const noise = normal(99);
    const picks = random(98);
    for (let n = 0; n < 12; n++) {
      const vector = vectors[Math.floor(picks() * vectors.length)]!;
      const query = n % 3 === 0 ? vector : vector.map((value) => value * (1 + 0.3 * noise()) + 0.1 * noise());
      for (const topK of [1, 10, 200]) {
        expect(searchNow(index, query, topK)).toEqual(searchExactNow(index, query, topK));
      }
    }
  });
});

test("ties at the cut go to the row that the caller prefers, wherever it lies", () => {
  const vectors = Array.from({ length: 2000 }, (_, n) => Float32Array.of(n % 2, 1, 0));
  const source = { ...sourceOf("euclidean", vectors), compareRows: (a: number, b: number) => b - a };
  const index = new ScanIndex(source, ALWAYS);
  for (const [row, vector] of vectors.entries()) index.set(row, vector);
  const rows = searchNow(index, Float32Array.of(1, 1, 0), 3).map((hit: RowHit) => hit.row);
  expect(rows).toEqual([1999, 1997, 1995]);
});

test("any number of results can be asked for, and there are no more than rows", () => {
  const index = build("dot", gaussianVectors(500, 20, 12));
  const query = gaussianVectors(1, 20, 13)[0]!;
  for (const topK of [0, 1, 50, 51, 250, 500, 501, 2 ** 31 - 1]) {
    const hits = searchNow(index, query, topK);
    expect(hits).toHaveLength(Math.min(topK, 500));
    expect(hits).toEqual(searchExactNow(index, query, topK));
  }
});

test("an index that was emptied finds nothing, and can be filled again", () => {
  const vectors = gaussianVectors(1000, 10, 14);
  const index = build("cosine", vectors);
  for (let row = 0; row < 1000; row++) index.remove(row);
  expect(searchNow(index, vectors[0]!, 10)).toEqual([]);
  index.set(7, vectors[7]!);
  expect(searchNow(index, vectors[7]!, 10)).toEqual([{ row: 7, score: 0 }]);
});

test("small indexes keep no codes; rows removed before do not come back with them", () => {
  const vectors = gaussianVectors(3000, 100, 15);
  const source = sourceOf("euclidean", vectors);
  const index = new ScanIndex(source);
  for (let row = 0; row < 2000; row++) index.set(row, vectors[row]!);
  index.remove(5);
  expect(index.codeBytes).toBe(0);
  for (let row = 2000; row < 3000; row++) index.set(row, vectors[row]!);
  expect(index.codeBytes).toBeGreaterThan(3000 * 112);
  expect(searchNow(index, vectors[5]!, 10)).toEqual(searchExactNow(index, vectors[5]!, 10));
  expect(searchNow(index, vectors[5]!, 10).map((hit) => hit.row)).not.toContain(5);
});

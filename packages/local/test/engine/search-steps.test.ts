import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ExactIndex } from "../../src/engine/exact-index.ts";
import { finishSearch, type SearchSteps } from "../../src/engine/search-steps.ts";
import { nextTurn } from "../../src/engine/turns.ts";
import type { VectorIndex } from "../../src/engine/vector-index.ts";
import type { VectorRows } from "../../src/engine/vector-rows.ts";
import { ScanIndex } from "../../src/scan/scan-index.ts";
import { gaussianVectors, METRICS, sourceOf } from "../scan/data.ts";
import { searchExactNow } from "./search-now.ts";

const DIMENSION = 3;
const ROWS = 700;

interface Change {
  readonly row: number;
  /** Undefined empties the row. */
  readonly vector: Float32Array | undefined;
}

const vector = fc
  .array(fc.integer({ min: -4, max: 4 }), { minLength: DIMENSION, maxLength: DIMENSION })
  .map((values) => Float32Array.from(values));
const change: fc.Arbitrary<Change> = fc.record({
  row: fc.nat(ROWS - 1),
  vector: fc.option(vector, { nil: undefined, freq: 3 }),
});

describe.each(METRICS)("%s: a search in several steps", (metric) => {
  const start = gaussianVectors(ROWS, DIMENSION, 1).map((components) =>
    components.map((value) => Math.round(value * 2)),
  );

  /** Rows of which every few end a step: of a look at every row, and of a scan of codes. */
  const kinds: Record<string, (source: ReturnType<typeof sourceOf>) => VectorIndex> = {
    exact: (source) => new ExactIndex(source, 50 * DIMENSION),
    coded: (source) => new ScanIndex(source, { codesFromComponents: 0, sliceCodes: 16 }),
  };

  it.each(Object.keys(kinds))("finds what is there at its end, whatever changes meanwhile: %s", (kind) => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 8 }), vector, (turns, query) => {
        const source = sourceOf(metric, start);
        const index = kinds[kind]!(source);
        for (const [row, components] of start.entries()) index.set(row, components);
        const steps = index.search(query, 9);
        let step = steps.next();
        let stops = 0;
        for (; step.done !== true; step = steps.next()) {
          for (const { row, vector: changed } of turns[stops] ?? []) apply(index, source.rows, row, changed);
          stops += 1;
        }
        expect(stops).toBeGreaterThan(1);
        expect(step.value).toEqual(searchExactNow(index, query, 9));
      }),
      { numRuns: 60 },
    );
  });
});

function apply(index: VectorIndex, rows: VectorRows, row: number, changed: Float32Array | undefined): void {
  if (changed === undefined) {
    index.remove(row);
    return;
  }
  rows.set(row, changed);
  index.set(row, changed);
}

test("searches that stop take turns, and do not mix", async () => {
  const vectors = gaussianVectors(5000, 16, 2);
  const source = sourceOf("euclidean", vectors);
  const index = new ScanIndex(source, { codesFromComponents: 0, sliceCodes: 4096 });
  for (const [row, components] of vectors.entries()) index.set(row, components);
  const queries = gaussianVectors(12, 16, 3);
  const found = await Promise.all(
    queries.map((query) => finishSearch(index.search(query, 10), (hits) => hits)),
  );
  expect(found).toEqual(queries.map((query) => searchExactNow(index, query, 10)));
});

test("a search that is aborted stops at its next step", async () => {
  const controller = new AbortController();
  let steps = 0;
  function* endless(): SearchSteps {
    for (;;) {
      steps += 1;
      if (steps === 3) controller.abort(new Error("enough"));
      yield;
    }
  }
  await expect(finishSearch(endless(), (hits) => hits, controller.signal)).rejects.toThrow("enough");
  expect(steps).toBe(3);
});

test("of those who wait for a turn, one goes on in each, and others come between", async () => {
  const order: string[] = [];
  const wait = async (name: string) => {
    await nextTurn();
    order.push(name);
    setImmediate(() => order.push(`after ${name}`));
  };
  await Promise.all([wait("a"), wait("b")]);
  expect(order).toEqual(["a", "after a", "b"]);
});

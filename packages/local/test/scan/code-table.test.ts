import { expect, test } from "vitest";
import { ExactIndex } from "../../src/engine/exact-index.ts";
import { TopHits } from "../../src/engine/top-hits.ts";
import { CodeTable, type TableSearch } from "../../src/scan/code-table.ts";
import { Quantizer } from "../../src/scan/quantizer.ts";
import { searchNow } from "../engine/search-now.ts";
import { gaussianVectors, METRICS, sourceOf } from "./data.ts";

/** Room for 64 rows of 32 codes. */
const SEGMENT_BYTES = 3072;

/** A search to its end; returns how often it stopped. */
function runTable(
  table: CodeTable,
  query: Float32Array,
  {
    sliceCodes = Number.POSITIVE_INFINITY,
    ...search
  }: Omit<TableSearch, "sliceCodes"> & { sliceCodes?: number },
): number {
  return [...table.search(query, { ...search, sliceCodes })].length;
}

test.each(METRICS)("%s: rows are found in every segment, and in none after their removal", (metric) => {
  const vectors = gaussianVectors(1000, 30, 1);
  const source = sourceOf(metric, vectors);
  const exact = new ExactIndex(source);
  const table = new CodeTable(new Quantizer(metric, new Float64Array(30)), SEGMENT_BYTES);
  // From the last row to the first, so that segments come to be before they are filled.
  for (let row = vectors.length - 1; row >= 0; row--) {
    exact.set(row, vectors[row]!);
    table.set(row, vectors[row]!);
  }
  for (let row = 0; row < vectors.length; row += 3) {
    exact.remove(row);
    table.remove(row);
  }
  for (const query of gaussianVectors(20, 30, 2)) {
    const top = new TopHits(15, source.compareRows);
    runTable(table, query, { top, scoreOf: exact.rowScorer(query) });
    expect(top.sorted()).toEqual(searchNow(exact, query, 15));
  }
});

test("few rows need a score", () => {
  const vectors = gaussianVectors(20_000, 64, 3);
  const source = sourceOf("cosine", vectors);
  const exact = new ExactIndex(source);
  const table = new CodeTable(new Quantizer("cosine", new Float64Array(64)));
  for (const [row, vector] of vectors.entries()) {
    exact.set(row, vector);
    table.set(row, vector);
  }
  const query = gaussianVectors(1, 64, 4)[0]!;
  const scoreOf = exact.rowScorer(query);
  let scored = 0;
  const counted = (row: number) => {
    scored++;
    return scoreOf(row);
  };
  runTable(table, query, { top: new TopHits(10, source.compareRows), scoreOf: counted });
  expect(scored).toBeLessThan(200);
});

test("removing a row that was never written is nothing", () => {
  const table = new CodeTable(new Quantizer("dot", new Float64Array(3)), SEGMENT_BYTES);
  table.remove(5);
  table.set(0, Float32Array.of(1, 2, 3));
  table.remove(2);
  table.remove(1000);
  const top = new TopHits(10, () => 0);
  runTable(table, Float32Array.of(1, 0, 0), { top, scoreOf: (row) => row });
  expect(top.sorted()).toEqual([{ row: 0, score: 0 }]);
});

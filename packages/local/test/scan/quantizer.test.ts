import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Metric } from "../../src/engine/metric.ts";
import { chooseCenter } from "../../src/scan/center.ts";
import { boundOf, Quantizer, type QueryCodes, type RowCodes } from "../../src/scan/quantizer.ts";
import { gaussianVectors, METRICS, scoresOf, sourceOf } from "./data.ts";

/** What `kernel/scan.ts` computes of a row. */
function lowerBound(row: RowCodes, query: QueryCodes): number {
  const dot = row.codes.reduce((sum, code, i) => sum + code * query.codes[i]!, 0);
  return row.base - row.scale * (query.dotFactor * dot + query.dotError) - row.error * query.errorFactor;
}

const component = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, -1, 100, -1000) },
  { weight: 1, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
);

/** Vectors of one dimension from 1 to 70, of one magnitude each: from the smallest float32 to the largest. */
const vectors = fc.integer({ min: 1, max: 70 }).chain((dimension) => {
  const vector = fc
    .tuple(
      fc.array(component, { minLength: dimension, maxLength: dimension }),
      fc.constantFrom(1, 1, 1, 1, 1e30, 1e-30, 2.5e-43, 1e-44, 0),
    )
    .map(([values, magnitude]) => Float32Array.from(values, (value) => clampToFloat32(value * magnitude)));
  return fc.array(vector, { minLength: 2, maxLength: 12 });
});

function clampToFloat32(value: number): number {
  const largest = (2 - 2 ** -23) * 2 ** 127;
  return Math.max(-largest, Math.min(largest, value));
}

function expectBounds(
  metric: Metric,
  center: Float64Array,
  query: Float32Array,
  rows: readonly Float32Array[],
): void {
  const quantizer = new Quantizer(metric, center);
  const encoded = quantizer.encodeQuery(query);
  const scores = scoresOf(sourceOf(metric, rows), rows.length, query);
  for (const [n, vector] of rows.entries()) {
    const bound = lowerBound(quantizer.encodeRow(vector), encoded);
    expect(bound).toBeLessThanOrEqual(boundOf(encoded, scores[n]!));
  }
}

describe.each(METRICS)("%s: no bound is above the score that it stands for", (metric) => {
  test("whatever the vectors, measured from the origin", () => {
    fc.assert(
      fc.property(vectors, ([query, ...rows]) => {
        expectBounds(metric, new Float64Array(query!.length), query!, rows);
      }),
      { numRuns: 1000 },
    );
  });

  test("whatever the vectors, measured from the centre chosen for them", () => {
    fc.assert(
      fc.property(vectors, ([query, ...rows]) => {
        expectBounds(metric, chooseCenter(metric, query!.length, rows), query!, rows);
      }),
      { numRuns: 1000 },
    );
  });

  test("whatever the vectors, measured from any point, with that point as the query", () => {
    fc.assert(
      fc.property(vectors, ([query, ...rows]) => {
        expectBounds(metric, Float64Array.from(query!), query!, rows);
      }),
      { numRuns: 1000 },
    );
  });

  test("where all roundings of a query go the same way", () => {
    // At 4096 dimensions a query has codes up to 4128.
    const query = new Float32Array(4096).fill(0.49).fill(4128, 0, 1);
    const row = new Float32Array(4096).fill(1);
    expectBounds(metric, new Float64Array(4096), query, [row]);
  });

  test("where the error of a row is too large for a float32", () => {
    const largest = (2 - 2 ** -23) * 2 ** 127;
    const row = new Float32Array(65_536).fill((largest * 0.5) / 127).fill(largest, 0, 1);
    expectBounds(metric, new Float64Array(65_536), new Float32Array(65_536), [row]);
  });
});

test("codes are the nearest multiples of the scale, the largest component's the largest code", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer(), (dimension, seed) => {
      const vector = gaussianVectors(1, dimension, seed)[0]!;
      const { codes, scale } = new Quantizer("dot", new Float64Array(dimension)).encodeRow(vector);
      for (const [i, value] of vector.entries())
        expect(Math.abs(value / scale - codes[i]!)).toBeLessThan(0.500001);
      expect(Math.max(...codes.map(Math.abs))).toBe(127);
      expect(codes.slice(dimension).every((code) => code === 0)).toBe(true);
    }),
  );
});

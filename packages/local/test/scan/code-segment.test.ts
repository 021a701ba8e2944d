import fc from "fast-check";
import { expect, test } from "vitest";
import { CodeSegment } from "../../src/scan/code-segment.ts";
import type { QueryCodes, RowCodes } from "../../src/scan/quantizer.ts";
import { random } from "./data.ts";

interface Case {
  readonly width: number;
  readonly rows: readonly RowCodes[];
  readonly query: QueryCodes;
}

/** Codes and constants of any value that they can have, the codes often the extreme ones. */
const cases = fc
  .record({
    steps: fc.integer({ min: 1, max: 5 }),
    count: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer(),
  })
  .map(({ steps, count, seed }): Case => {
    const width = steps * 16;
    const next = random(seed);
    const code = (limit: number) => {
      return next() < 0.2 ? (next() < 0.5 ? -limit : limit) : Math.floor((2 * next() - 1) * limit);
    };
    const rows = Array.from({ length: count }, () => ({
      codes: new Int8Array(width).map(() => code(127)),
      base: 200 * next(),
      scale: Math.fround(next()),
      error: Math.fround(next()),
    }));
    const codes = new Int16Array(width).map(() => code(32_767));
    return { width, rows, query: { codes, dotFactor: 1e-4, dotError: 0.1, errorFactor: 2, offset: 0 } };
  });

/** The same operations as the kernel's, in the same order. */
function boundsOf({ rows, query }: Case): number[] {
  return rows.map(({ codes, base, scale, error }) => {
    const dot = codes.reduce((sum, value, i) => sum + value * query.codes[i]!, 0);
    return base - scale * (query.dotFactor * dot + query.dotError) - error * query.errorFactor;
  });
}

function segmentOf({ width, rows }: Case): CodeSegment {
  const segment = new CodeSegment(width, 64);
  for (const [row, encoded] of rows.entries()) segment.write(row, encoded);
  return segment;
}

function scan(segment: CodeSegment, query: QueryCodes, threshold: number): Map<number, number> {
  segment.load(query);
  const found = segment.scan(query, threshold, 0, segment.end);
  return new Map([...found.rows].map((row, n) => [row, found.bounds[n]!]));
}

test("a scan finds the rows whose bound is at most the threshold, with bounds exact to the bit", () => {
  fc.assert(
    fc.property(cases, fc.nat(), (given, pick) => {
      const bounds = boundsOf(given);
      // One of the bounds themselves: equal is found.
      const threshold = bounds[pick % bounds.length]!;
      const wanted = bounds.flatMap((bound, row) => (bound <= threshold ? [[row, bound] as const] : []));
      expect(scan(segmentOf(given), given.query, threshold)).toEqual(new Map(wanted));
    }),
  );
});

test("rows that were erased, or never written, are not found at any threshold", () => {
  fc.assert(
    fc.property(cases, fc.array(fc.nat(40)), (given, erased) => {
      const segment = segmentOf(given);
      for (const row of erased) segment.erase(row);
      const wanted = given.rows.map((_, row) => row).filter((row) => !erased.includes(row));
      const found = scan(segment, given.query, Number.POSITIVE_INFINITY);
      expect([...found.keys()]).toEqual(wanted);
    }),
  );
});

test("the sums of the largest codes do not overflow at the largest width", () => {
  const width = 65_536;
  const queryLimit = Math.floor((2 ** 31 - 1) / (127 * width));
  const rows = [127, -127].map((code) => {
    return { codes: new Int8Array(width).fill(code), base: 0, scale: 1, error: 0 };
  });
  const codes = new Int16Array(width).fill(queryLimit);
  const given = { width, rows, query: { codes, dotFactor: 1, dotError: 0, errorFactor: 1, offset: 0 } };
  const found = scan(segmentOf(given), given.query, Number.POSITIVE_INFINITY);
  expect([...found.values()]).toEqual([-127 * queryLimit * width, 127 * queryLimit * width]);
});

test("a segment grows to its limit without losing a row, written in any order", () => {
  const width = 4096;
  const rows = 64;
  const segment = new CodeSegment(width, rows);
  const before = segment.memoryBytes;
  const order = Array.from({ length: rows }, (_, row) => (row * 37) % rows);
  for (const row of order) {
    segment.write(row, { codes: new Int8Array(width).fill(row), base: row, scale: 1, error: 0 });
  }
  expect(segment.memoryBytes).toBeGreaterThan(before);
  const codes = new Int16Array(width);
  codes[width - 1] = 1;
  const query = { codes, dotFactor: 2, dotError: 0, errorFactor: 1, offset: 0 };
  const wanted = Array.from({ length: rows }, (_, row) => [row, row - 2 * row] as const);
  expect(scan(segment, query, Number.POSITIVE_INFINITY)).toEqual(new Map(wanted));
});

test("a segment that could not grow still holds what it held", () => {
  const segment = new CodeSegment(4096, 8);
  const codes = new Int8Array(4096).fill(1);
  segment.write(5, { codes, base: 1, scale: 1, error: 0 });
  expect(() => segment.write(100, { codes, base: 1, scale: 1, error: 0 })).toThrow(RangeError);
  const query = { codes: new Int16Array(4096).fill(1), dotFactor: 1, dotError: 0, errorFactor: 1, offset: 0 };
  expect(scan(segment, query, 0)).toEqual(new Map([[5, 1 - 4096]]));
});

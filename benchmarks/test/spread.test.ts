import { expect, it } from "vitest";
import { exactly, spreadOf } from "../src/harness/spread.ts";

it("finds the median and the quartiles in any order", () => {
  expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, lower: 2, upper: 4 });
});

it("takes the weighted mean between two samples", () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25 });
});

it("takes one sample for all three", () => {
  expect(spreadOf([7])).toEqual(exactly(7));
});

it("refuses none", () => {
  expect(() => spreadOf([])).toThrow("no samples");
});

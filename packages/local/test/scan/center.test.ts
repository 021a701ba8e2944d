import { expect, test } from "vitest";
import { chooseCenter } from "../../src/scan/center.ts";

test("the mean is the centre of vectors that lie around it", () => {
  const sample = [Float32Array.of(9, 1), Float32Array.of(11, -1), Float32Array.of(10, 3)];
  expect([...chooseCenter("euclidean", 2, sample)]).toEqual([10, 1]);
});

test("for cosine it is the mean of the directions", () => {
  const sample = [Float32Array.of(3, 4), Float32Array.of(0.3, -0.4)];
  const [x, y] = chooseCenter("cosine", 2, sample);
  expect(x).toBeCloseTo(0.6, 6);
  expect(y).toBeCloseTo(0, 6);
});

test("zero vectors have no direction and count as zeros", () => {
  const sample = [Float32Array.of(3, 4), Float32Array.of(3, 4), Float32Array.of(3, 4), new Float32Array(2)];
  const center = chooseCenter("cosine", 2, sample);
  expect(center[0]).toBeCloseTo(0.45, 12);
});

test("one wild vector does not carry the centre away from the others", () => {
  const sample = [
    Float32Array.of(1, 2),
    Float32Array.of(2, 1),
    Float32Array.of(1e30, 0),
    Float32Array.of(1, 1),
  ];
  expect([...chooseCenter("dot", 2, sample)]).toEqual([0, 0]);
});

test("vectors on all sides of the origin keep it as their centre", () => {
  const sample = [
    Float32Array.of(1, 0),
    Float32Array.of(-1, 0),
    Float32Array.of(0, 1),
    Float32Array.of(0, -1),
  ];
  expect([...chooseCenter("euclidean", 2, sample)]).toEqual([0, 0]);
});

import type { VectorInput } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, filledCollection } from "../support/fixtures.ts";
import { randomVector, seededRandom } from "../support/random.ts";

/** Float32 numbers at the edges of the format. */
const EDGES = Float32Array.of(
  0,
  -0,
  2 ** -149,
  -(2 ** -149),
  2 ** -126 - 2 ** -149,
  2 ** -126,
  1,
  1 + 2 ** -23,
  1 - 2 ** -24,
  -1,
  0.1,
  1 / 3,
  16_777_215,
  16_777_216,
  1e-7,
  1e21,
  (2 - 2 ** -23) * 2 ** 127,
  -(2 - 2 ** -23) * 2 ** 127,
);

/** The same vector in every form that is accepted. */
const INPUTS: Readonly<Record<string, VectorInput>> = {
  "number-array": [1, -2, 3.5],
  "float32-array": Float32Array.of(1, -2, 3.5),
  "float64-array": Float64Array.of(1, -2, 3.5),
  subarray: Float32Array.of(9, 9, 1, -2, 3.5, 9).subarray(2, 5),
  "array-like": { length: 3, 0: 1, 1: -2, 2: 3.5 },
};

const inputCases: readonly ConformanceCase[] = Object.entries(INPUTS).map(([form, vector]) => ({
  id: `vectors/input-${form}`,
  title: `a vector may be given as a ${form.replace("-", " ")}`,
  needs: ["complete-search"],
  async run(context) {
    const docs = await emptyCollection(context, { dimension: 3 });
    await docs.upsert([{ id: "a", vector }]);
    assert.deepEqual((await docs.get("a")).vector, Float32Array.of(1, -2, 3.5), "vector");
    await context.eventually(async () => {
      const [result] = await docs.search({ vector });
      assert.equal(result?.score, 0, "score of the vector itself");
    });
  },
}));

const dimensionCases: readonly ConformanceCase[] = [1, 3, 4_096].map((dimension) => ({
  id: `vectors/dimension-${dimension}`,
  title: `vectors of ${dimension} dimension${dimension === 1 ? "" : "s"} are stored and found`,
  needs: ["complete-search"],
  async run(context) {
    const random = seededRandom(dimension);
    const vectors = [randomVector(random, dimension), randomVector(random, dimension)] as const;
    const docs = await emptyCollection(context, { dimension });
    await docs.upsert([
      { id: "a", vector: vectors[0] },
      { id: "b", vector: vectors[1] },
    ]);
    assert.deepEqual((await docs.get("b")).vector, vectors[1], "vector");
    await context.eventually(async () => {
      const results = await docs.search({ vector: vectors[1], includeVectors: true });
      assert.deepEqual(
        results.map(({ id }) => id),
        ["b", "a"],
        "ids found",
      );
      assert.deepEqual(results[1]?.vector, vectors[0], "vector of the second");
      assert.equal(results[0]?.score, 0, "score of the vector itself");
    });
  },
}));

export const vectorCases: readonly ConformanceCase[] = [
  {
    id: "vectors/exact-bits",
    title: "every float32 comes back to the bit: zero's sign, denormals and the largest among them",
    async run(context) {
      const docs = await emptyCollection(context, { dimension: EDGES.length });
      await docs.upsert([{ id: "edges", vector: EDGES }]);
      assert.deepEqual((await docs.get("edges")).vector, EDGES, "vector");
    },
  },
  {
    id: "vectors/exact-bits-in-results",
    title: "results carry vectors that are exact to the bit",
    needs: ["complete-search"],
    async run(context) {
      const vector = randomVector(seededRandom(1), 64);
      vector.set([-0, 2 ** -149, 2 ** -126], 0);
      const docs = await filledCollection(context, [{ id: "a", vector }]);
      await context.eventually(async () => {
        const [result] = await docs.search({ vector, includeVectors: true });
        assert.deepEqual(result?.vector, vector, "vector");
      });
    },
  },
  {
    id: "vectors/rounded-to-float32",
    title: "numbers are rounded to float32",
    async run(context) {
      const numbers = [0.1, 1 / 3, Math.PI, 1e-50, 16_777_217];
      const docs = await filledCollection(context, [{ id: "a", vector: numbers }]);
      assert.deepEqual((await docs.get("a")).vector, Float32Array.from(numbers), "vector");
    },
  },
  ...inputCases,
  ...dimensionCases,
  {
    id: "vectors/results-are-the-callers",
    title: "what the caller does to the vectors and payloads it got does not change what is stored",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2], payload: { lang: "en" } }]);
      const got = await docs.get("a");
      got.vector.fill(9);
      got.payload.lang = "de";
      await context.eventually(async () => {
        const [found] = await docs.search({ vector: [1, 2], includeVectors: true });
        assert.deepEqual(found?.vector, Float32Array.of(1, 2), "vector of the result");
        assert.deepEqual(found?.payload, { lang: "en" }, "payload of the result");
        found?.vector?.fill(9);
        if (found?.payload) found.payload.lang = "de";
      });
      const expected = { id: "a", vector: Float32Array.of(1, 2), payload: { lang: "en" } };
      assert.deepEqual(await docs.get("a"), expected, "the point");
    },
  },
];

import { type Distance, InvalidArgumentError, similarity } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { Capability } from "../capabilities.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { distanceOf, toleranceOf } from "../support/distances.ts";
import { filledCollection, idsOf, times } from "../support/fixtures.ts";
import { randomVector, seededRandom } from "../support/random.ts";

const NEEDS: Readonly<Record<Distance, readonly Capability[]>> = {
  euclidean: [],
  cosine: ["exact-cosine"],
  dot: ["exact-dot"],
};

const DISTANCES = Object.keys(NEEDS) as Distance[];

/** Vectors of random directions and of lengths from a hundredth to a hundred. */
function vectorsOf(dimension: number, count: number): Float32Array[] {
  const random = seededRandom(dimension * 1_000 + count);
  return times(count, () => {
    const length = 10 ** (4 * random() - 2);
    return randomVector(random, dimension).map((component) => component * length);
  });
}

const definitionCases: readonly ConformanceCase[] = DISTANCES.flatMap((distance) =>
  [2, 17, 384].map((dimension) => ({
    id: `scores/${distance}-${dimension}`,
    title: `${distance} scores in ${dimension} dimensions are those of the definition, and so is their order`,
    needs: [...NEEDS[distance], "complete-search"],
    run: (context) => checkScores(context, distance, dimension),
  })),
);

export const scoreCases: readonly ConformanceCase[] = [
  ...definitionCases,
  {
    id: "scores/euclidean-is-squared",
    title: "euclidean scores are squared distances",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [3, 4] }]);
      await context.eventually(async () => {
        assert.equal((await docs.search({ vector: [0, 0] }))[0]?.score, 25, "score");
      });
    },
  },
  {
    id: "scores/cosine-marks",
    title:
      "cosine scores are 0 for the same direction, 1 for a right angle and 2 for the opposite, whatever the lengths",
    needs: ["exact-cosine", "complete-search"],
    async run(context) {
      const points = [
        { id: "same", vector: [0.001, 0] },
        { id: "right", vector: [0, 50] },
        { id: "opposite", vector: [-7, 0] },
      ];
      const docs = await filledCollection(context, points, { distance: "cosine" });
      await context.eventually(async () => {
        const results = await docs.search({ vector: [300, 0] });
        assert.deepEqual(
          results.map(({ id, score }) => [id, Math.abs(score)]),
          [
            ["same", 0],
            ["right", 1],
            ["opposite", 2],
          ],
          "results",
        );
      });
    },
  },
  {
    id: "scores/cosine-zero-vector",
    title: "a zero vector has a cosine score of 1 to everything, as a point and as a query",
    needs: ["complete-search"],
    async run(context) {
      const points = [
        { id: "zero", vector: [0, 0] },
        { id: "same", vector: [1, 0] },
        { id: "opposite", vector: [-1, 0] },
      ];
      const docs = await filledCollection(context, points, { distance: "cosine" });
      await context.eventually(async () => {
        const results = await docs.search({ vector: [1, 0] });
        assert.deepEqual(idsOf(results), ["same", "zero", "opposite"], "ids found");
        assert.equal(results[1]?.score, 1, "score of the zero vector");
        const scores = (await docs.search({ vector: [0, 0] })).map(({ id, score }) => [id, score]);
        assert.deepEqual(
          scores,
          [
            ["opposite", 1],
            ["same", 1],
            ["zero", 1],
          ],
          "results for a zero query",
        );
      });
    },
  },
  {
    id: "scores/dot-marks",
    title: "dot scores are negated inner products: the largest product comes first",
    needs: ["exact-dot", "complete-search"],
    async run(context) {
      const points = [
        { id: "small", vector: [1, 1] },
        { id: "large", vector: [10, 10] },
        { id: "negative", vector: [-2, 0] },
        { id: "right-angled", vector: [3, -3] },
      ];
      const docs = await filledCollection(context, points, { distance: "dot" });
      await context.eventually(async () => {
        const results = (await docs.search({ vector: [1, 1] })).map(({ id, score }) => [
          id,
          score === 0 ? 0 : score,
        ]);
        assert.deepEqual(
          results,
          [
            ["large", -20],
            ["small", -2],
            ["right-angled", 0],
            ["negative", 2],
          ],
          "results",
        );
      });
    },
  },
  {
    id: "scores/similarity",
    title: "similarity turns a score into a number that is higher for what is nearer",
    async run() {
      assert.equal(similarity("cosine", 0.25), 0.75, "cosine");
      assert.equal(similarity("dot", -20), 20, "dot");
      assert.equal(similarity("euclidean", 0), 1, "euclidean, of equal vectors");
      assert.equal(similarity("euclidean", 3), 0.25, "euclidean");
      assert.throws(() => similarity("l2" as Distance, 1), InvalidArgumentError, {
        messageIncludes: ["distance", '"l2"'],
      });
    },
  },
];

async function checkScores(context: CaseContext, distance: Distance, dimension: number): Promise<void> {
  const [query, ...vectors] = vectorsOf(dimension, 41) as [Float32Array, ...Float32Array[]];
  const points = vectors.map((vector, index) => ({ id: `v${index}`, vector }));
  const docs = await filledCollection(context, points, { distance });
  await context.eventually(async () => {
    const results = await docs.search({ vector: query, topK: points.length });
    assert.equal(results.length, points.length, "number of results");
    let last = Number.NEGATIVE_INFINITY;
    for (const { id, score } of results) {
      const vector = points.find((point) => point.id === id)?.vector;
      assert.ok(vector !== undefined, `no such point was written: ${id}`);
      assert.close(
        score,
        distanceOf(distance, query, vector),
        toleranceOf(query, vector, distance),
        `score of ${id}`,
      );
      assert.ok(score >= last, `${id} has score ${score} and stands after one of ${last}`);
      last = score;
    }
  });
}

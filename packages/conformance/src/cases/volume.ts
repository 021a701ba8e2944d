import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, idsOf, times } from "../support/fixtures.ts";
import { randomVector, seededRandom } from "../support/random.ts";

const COUNT = 10_000;
const BATCH = 1_000;
const DIMENSION = 16;

export const volumeCases: readonly ConformanceCase[] = [
  {
    id: "volume/ten-thousand-points",
    title: "10,000 points, written in several requests, are all there",
    needs: ["complete-search"],
    async run(context) {
      const random = seededRandom(COUNT);
      const points = times(COUNT, (index) => ({
        id: `point ${index}`,
        vector: randomVector(random, DIMENSION),
        payload: { index: String(index) },
      }));
      const docs = await emptyCollection(context, { dimension: DIMENSION });
      for (let start = 0; start < COUNT; start += BATCH) {
        assert.equal(await docs.upsert(points.slice(start, start + BATCH)), BATCH, "count");
      }
      const sample = points.filter((_, index) => index % 199 === 0);
      assert.deepEqual(await docs.getMany(sample.map(({ id }) => id)), sample, "points");
      await context.eventually(async () => {
        for (const { id, vector } of sample) {
          assert.deepEqual(
            idsOf(await docs.search({ vector, topK: 1 })),
            [id],
            "the nearest to a point's own vector",
          );
        }
      });
    },
  },
  {
    id: "volume/all-in-one-result",
    title: "a search can return all of 10,000 points, each once and in order",
    needs: ["strong-reads", "complete-search", "unbounded-top-k"],
    async run(context) {
      const docs = await emptyCollection(context);
      const ids = times(COUNT, (index) => `p${index}`);
      for (let start = 0; start < COUNT; start += BATCH) {
        const batch = ids.slice(start, start + BATCH);
        await docs.upsert(batch.map((id, offset) => ({ id, vector: [start + offset, 0] })));
      }
      assert.deepEqual(idsOf(await docs.search({ vector: [0, 0], topK: COUNT })), ids, "ids");
      const more = await docs.search({ vector: [COUNT, 0], topK: 2 * COUNT, includePayload: false });
      assert.deepEqual(idsOf(more), ids.reverse(), "ids from the other end");
    },
  },
];

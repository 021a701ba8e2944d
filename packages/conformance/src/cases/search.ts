import { InvalidArgumentError, NotFoundError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, filledCollection, idsOf, pointsOnLine } from "../support/fixtures.ts";

export const searchCases: readonly ConformanceCase[] = [
  {
    id: "search/defaults",
    title: "without options a search returns 10 results with payloads and without vectors",
    needs: ["complete-search"],
    async run(context) {
      const points = pointsOnLine(12).map((point) => ({ ...point, payload: { of: point.id } }));
      const docs = await filledCollection(context, points);
      await context.eventually(async () => {
        const results = await docs.search({ vector: [0, 0] });
        assert.deepEqual(idsOf(results), idsOf10(), "ids found");
        for (const result of results) {
          assert.deepEqual(Object.keys(result).sort(), ["id", "payload", "score"], "fields of a result");
          assert.deepEqual(result.payload, { of: result.id }, "payload");
        }
      });
    },
  },
  {
    id: "search/undefined-options",
    title: "an option given as undefined has its default",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(12));
      const query = {
        topK: undefined,
        includePayload: undefined,
        includeVectors: undefined,
        query: undefined,
      };
      await context.eventually(async () => {
        const results = await docs.search({ vector: [0, 0], workerTimeoutMs: undefined, ...query });
        assert.deepEqual(idsOf(results), idsOf10(), "ids found");
        assert.deepEqual(
          Object.keys(results[0] ?? {}).sort(),
          ["id", "payload", "score"],
          "fields of a result",
        );
      });
    },
  },
  {
    id: "search/order",
    title: "results are ordered by score, the nearest first",
    needs: ["complete-search"],
    async run(context) {
      const vectors = [
        [5, 0],
        [1, 0],
        [-3, 0],
        [0, 2],
        [4, 4],
      ];
      const docs = await filledCollection(
        context,
        vectors.map((vector, index) => ({ id: `v${index}`, vector })),
      );
      await context.eventually(async () => {
        const results = await docs.search({ vector: [0, 0], includePayload: false });
        const expected = [
          { id: "v1", score: 1 },
          { id: "v3", score: 4 },
          { id: "v2", score: 9 },
          { id: "v0", score: 25 },
          { id: "v4", score: 32 },
        ];
        assert.deepEqual(results, expected, "results");
      });
    },
  },
  {
    id: "search/ties",
    title: "results of the same score are ordered by the UTF-8 bytes of their ids",
    needs: ["complete-search"],
    async run(context) {
      // By UTF-16 units the last two would change places; by locale, nearly all.
      const inOrder = ["A", "Z", "a", "a0", "aa", "b", "é", "鍵", "\uFFFD", "🐘"];
      const docs = await filledCollection(
        context,
        [...inOrder].reverse().map((id) => ({ id, vector: [1, 1] })),
      );
      await context.eventually(async () => {
        assert.deepEqual(idsOf(await docs.search({ vector: [0, 0] })), inOrder, "ids found");
      });
    },
  },
  {
    id: "search/ties-at-the-cut",
    title: "where topK cuts through results of the same score, those with the smallest ids stay",
    needs: ["exact-ties", "complete-search"],
    async run(context) {
      const ids = ["\uFFFD", "e", "b", "🐘", "d", "a", "c"];
      const points = [...ids.map((id) => ({ id, vector: [1, 1] })), { id: "near", vector: [0, 0] }];
      const docs = await filledCollection(context, points);
      const inOrder = ["near", "a", "b", "c", "d", "e", "\uFFFD", "🐘"];
      await context.eventually(async () => {
        for (const topK of [2, 4, 7]) {
          assert.deepEqual(
            idsOf(await docs.search({ vector: [0, 0], topK })),
            inOrder.slice(0, topK),
            `topK ${topK}`,
          );
        }
      });
    },
  },
  {
    id: "search/top-k",
    title: "topK bounds the results, and asking for more than there are returns all",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(5));
      await context.eventually(async () => {
        assert.deepEqual(idsOf(await docs.search({ vector: [0, 0], topK: 1 })), ["p0"], "topK 1");
        assert.deepEqual(idsOf(await docs.search({ vector: [0, 0], topK: 3 })), ["p0", "p1", "p2"], "topK 3");
        assert.equal(
          (await docs.search({ vector: [0, 0], topK: 100 })).length,
          5,
          "number of results for topK 100",
        );
      });
    },
  },
  {
    id: "search/largest-top-k",
    title: "the largest topK is no trouble",
    needs: ["unbounded-top-k", "complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(3));
      await context.eventually(async () => {
        const results = await docs.search({ vector: [0, 0], topK: 2 ** 31 - 1 });
        assert.deepEqual(idsOf(results), ["p0", "p1", "p2"], "ids found");
      });
    },
  },
  {
    id: "search/empty-collection",
    title: "a search in an empty collection finds nothing",
    async run(context) {
      const docs = await emptyCollection(context);
      assert.deepEqual(await docs.search({ vector: [1, 2] }), [], "results");
    },
  },
  {
    id: "search/without-payload",
    title: "with includePayload: false results have no payload",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2], payload: { lang: "en" } }]);
      await context.eventually(async () => {
        const results = await docs.search({ vector: [1, 2], includePayload: false });
        assert.deepEqual(results, [{ id: "a", score: 0 }], "results");
      });
    },
  },
  {
    id: "search/with-vectors",
    title: "with includeVectors: true results have their vectors",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [
        { id: "a", vector: [1, 2], payload: { lang: "en" } },
        { id: "b", vector: [3, 4] },
      ]);
      await context.eventually(async () => {
        const results = await docs.search({ vector: [1, 2], includeVectors: true });
        const expected = [
          { id: "a", score: 0, payload: { lang: "en" }, vector: Float32Array.of(1, 2) },
          { id: "b", score: 8, payload: {}, vector: Float32Array.of(3, 4) },
        ];
        assert.deepEqual(results, expected, "results");
      });
    },
  },
  {
    id: "search/query-text",
    title: "a query text is accepted, and without a reranker changes nothing",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(3));
      await context.eventually(async () => {
        const results = await docs.search({ vector: [0, 0], query: "which p? 🐘" });
        assert.deepEqual(idsOf(results), ["p0", "p1", "p2"], "ids found");
      });
    },
  },
  {
    id: "search/worker-timeout-warns",
    title: "a search with workerTimeoutMs warns that its results may be partial",
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(3));
      let warnings: readonly string[] = [];
      await docs.search(
        { vector: [0, 0], workerTimeoutMs: 8_000 },
        { onResponse: (info) => (warnings = info.warnings) },
      );
      assert.includes(warnings.join("\n"), ["workerTimeoutMs", "8000"], "warnings");
      await docs.search({ vector: [0, 0] }, { onResponse: (info) => (warnings = info.warnings) });
      assert.deepEqual(warnings, [], "warnings without it");
    },
  },
  {
    id: "search/wrong-dimension",
    title: "a query of another dimension is refused by the server, naming both",
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2, 3] }]);
      const search = docs.search({ vector: [1, 2, 3, 4] });
      await assert.rejects(search, InvalidArgumentError, {
        code: "INVALID_ARGUMENT",
        messageIncludes: ["3", "4"],
      });
    },
  },
  {
    id: "search/missing-collection",
    title: "a search in a collection that does not exist is refused",
    async run(context) {
      const name = context.collectionName();
      const search = context.client.search(name, { vector: [1, 2] });
      const error = await assert.rejects(search, NotFoundError, {
        code: "NOT_FOUND",
        messageIncludes: [name],
      });
      assert.equal(error.collection, name, "the error's collection");
    },
  },
  {
    id: "search/repeatable",
    title: "the same search finds the same again, and a smaller topK its beginning",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(40));
      await context.eventually(async () => {
        const first = await docs.search({ vector: [20, 0], topK: 20 });
        assert.equal(first.length, 20, "number of results");
        assert.deepEqual(
          await docs.search({ vector: [20, 0], topK: 20 }),
          first,
          "results of the second time",
        );
        assert.deepEqual(
          await docs.search({ vector: [20, 0], topK: 6 }),
          first.slice(0, 6),
          "results for topK 6",
        );
      });
    },
  },
];

function idsOf10(): string[] {
  return pointsOnLine(10).map(({ id }) => id);
}

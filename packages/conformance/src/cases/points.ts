import { NotFoundError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, filledCollection, idsOf, pointsOnLine } from "../support/fixtures.ts";

export const pointCases: readonly ConformanceCase[] = [
  {
    id: "points/get",
    title: "get returns the point as it was written, at once",
    async run(context) {
      const point = { id: "a", vector: Float32Array.of(0.5, -2), payload: { lang: "en", title: "A" } };
      const docs = await filledCollection(context, [point]);
      assert.deepEqual(await docs.get("a"), point, "the point");
      assert.deepEqual(await context.client.get(docs.name, "a"), point, "the point, asked of the client");
    },
  },
  {
    id: "points/get-missing",
    title: "get of a point that does not exist is refused, naming it",
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2] }]);
      const error = await assert.rejects(docs.get("no such point"), NotFoundError, {
        code: "NOT_FOUND",
        messageIncludes: ["no such point"],
      });
      assert.equal(error.collection, docs.name, "the error's collection");
      assert.equal(error.method, "Get", "the error's method");
    },
  },
  {
    id: "points/delete",
    title: "a deleted point is gone from get and from search, and the others stay",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(3));
      await context.eventually(async () => {
        assert.deepEqual(
          idsOf(await docs.search({ vector: [0, 0] })),
          ["p0", "p1", "p2"],
          "ids found before",
        );
      });
      await docs.delete("p1");
      await assert.rejects(docs.get("p1"), NotFoundError);
      await context.eventually(async () => {
        assert.deepEqual(idsOf(await docs.search({ vector: [0, 0] })), ["p0", "p2"], "ids found after");
      });
      assert.equal((await docs.get("p2")).id, "p2", "the next point");
    },
  },
  {
    id: "points/delete-missing",
    title: "deleting a point that does not exist succeeds, again and again",
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2] }]);
      await docs.delete("no such point");
      await docs.delete("a");
      await docs.delete("a");
      await assert.rejects(docs.get("a"), NotFoundError);
    },
  },
  {
    id: "points/delete-all",
    title: "a collection whose points were all deleted is empty and takes new ones",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(5));
      for (let index = 0; index < 5; index++) await docs.delete(`p${index}`);
      await context.eventually(async () => {
        assert.deepEqual(await docs.search({ vector: [0, 0] }), [], "results");
      });
      await docs.upsert([{ id: "new", vector: [7, 0] }]);
      await context.eventually(async () => {
        assert.deepEqual(idsOf(await docs.search({ vector: [0, 0] })), ["new"], "ids found");
      });
    },
  },
  {
    id: "points/reinsert",
    title: "a point that was deleted and written again is there and is found, with nothing of its past",
    needs: ["reinsert", "complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 1], payload: { old: "yes" } }]);
      await docs.delete("a");
      await docs.upsert([{ id: "a", vector: [2, 2], payload: { new: "yes" } }]);
      const expected = { id: "a", vector: Float32Array.of(2, 2), payload: { new: "yes" } };
      assert.deepEqual(await docs.get("a"), expected, "the point");
      await context.eventually(async () => {
        const results = await docs.search({ vector: [1, 1], includeVectors: true });
        assert.deepEqual(results, [{ ...expected, score: 2 }], "results");
      });
    },
  },
  {
    id: "points/many-changes-to-one",
    title: "the last of many changes to one point stays",
    needs: ["reinsert", "complete-search"],
    async run(context) {
      const docs = await emptyCollection(context);
      for (let turn = 0; turn < 20; turn++) {
        if (turn % 4 === 3) await docs.delete("a");
        else await docs.upsert([{ id: "a", vector: [turn, 0], payload: { turn: String(turn) } }]);
      }
      await assert.rejects(docs.get("a"), NotFoundError);
      await docs.upsert([{ id: "a", vector: [20, 0], payload: { turn: "20" } }]);
      await context.eventually(async () => {
        const results = await docs.search({ vector: [20, 0] });
        assert.deepEqual(results, [{ id: "a", score: 0, payload: { turn: "20" } }], "results");
      });
    },
  },
  {
    id: "points/missing-collection",
    title: "get and delete in a collection that does not exist are refused",
    async run(context) {
      const name = context.collectionName();
      const missing = { code: "NOT_FOUND", messageIncludes: [name] } as const;
      await assert.rejects(context.client.get(name, "a"), NotFoundError, missing);
      await assert.rejects(context.client.delete(name, "a"), NotFoundError, missing);
    },
  },
];

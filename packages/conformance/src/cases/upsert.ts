import { InvalidArgumentError, NotFoundError, type PointInput, ResourceExhaustedError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { emptyCollection, filledCollection, idsOf, pointsOnLine, times } from "../support/fixtures.ts";

export const upsertCases: readonly ConformanceCase[] = [
  {
    id: "upsert/count",
    title: "upsert returns how many points there were in the request",
    async run(context) {
      const docs = await emptyCollection(context);
      assert.equal(await docs.upsert(pointsOnLine(1)), 1, "count of one");
      assert.equal(await docs.upsert(pointsOnLine(250)), 250, "count of 250");
      assert.equal((await docs.get("p249")).id, "p249", "the last of them");
    },
  },
  {
    id: "upsert/nothing",
    title: "upsert of no points sends nothing and returns 0",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      assert.equal(await client.upsert("no such collection", []), 0, "count");
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "upsert/duplicate-ids",
    title: "of equal ids in one request the last wins, and each is counted",
    needs: ["complete-search"],
    async run(context) {
      const docs = await emptyCollection(context);
      const count = await docs.upsert([
        { id: "a", vector: [1, 1], payload: { turn: "first", only: "here" } },
        { id: "b", vector: [2, 2] },
        { id: "a", vector: [3, 3], payload: { turn: "last" } },
      ]);
      assert.equal(count, 3, "count");
      const expected = { id: "a", vector: Float32Array.of(3, 3), payload: { turn: "last" } };
      assert.deepEqual(await docs.get("a"), expected, "the point");
      await context.eventually(async () => {
        const results = await docs.search({ vector: [3, 3], includeVectors: true });
        assert.deepEqual(idsOf(results), ["a", "b"], "ids found");
        assert.equal(results[0]?.score, 0, "score of the last");
      });
    },
  },
  {
    id: "upsert/overwrite-replaces-payload",
    title: "writing an id again replaces the whole payload, and nothing of the old one stays",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [
        { id: "a", vector: [1, 1], payload: { kept: "no", both: "old" } },
      ]);
      await docs.upsert([{ id: "a", vector: [1, 1], payload: { both: "new" } }]);
      assert.deepEqual((await docs.get("a")).payload, { both: "new" }, "payload");
      await docs.upsert([{ id: "a", vector: [1, 1] }]);
      assert.deepEqual((await docs.get("a")).payload, {}, "payload, after a write without one");
      await context.eventually(async () => {
        assert.deepEqual((await docs.search({ vector: [1, 1] }))[0]?.payload, {}, "payload of the result");
      });
    },
  },
  {
    id: "upsert/overwrite-replaces-vector",
    title: "writing an id again moves the point, and searches find it in its new place only",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [
        { id: "moves", vector: [0, 0] },
        { id: "stays", vector: [5, 0] },
      ]);
      assert.deepEqual((await docs.get("moves")).vector, Float32Array.of(0, 0), "vector before");
      await docs.upsert([{ id: "moves", vector: [100, 0] }]);
      assert.deepEqual((await docs.get("moves")).vector, Float32Array.of(100, 0), "vector");
      await context.eventually(async () => {
        const near = (await docs.search({ vector: [0, 0] })).map(({ id, score }) => ({ id, score }));
        assert.deepEqual(
          near,
          [
            { id: "stays", score: 25 },
            { id: "moves", score: 10_000 },
          ],
          "results",
        );
      });
    },
  },
  {
    id: "upsert/input-stays-the-callers",
    title: "what the caller does to its vectors and payloads after a write does not change what is stored",
    needs: ["complete-search"],
    async run(context) {
      const docs = await emptyCollection(context);
      const vector = Float32Array.of(1, 2);
      const payload: Record<string, string> = { lang: "en" };
      await docs.upsert([{ id: "a", vector, payload }]);
      vector.fill(9);
      payload.lang = "de";
      payload.more = "x";
      const expected = { id: "a", vector: Float32Array.of(1, 2), payload: { lang: "en" } };
      assert.deepEqual(await docs.get("a"), expected, "the point");
      await context.eventually(async () => {
        const [result] = await docs.search({ vector: [1, 2], includeVectors: true });
        assert.deepEqual(result, { ...expected, score: 0 }, "the result");
      });
    },
  },
  {
    id: "upsert/input-is-not-changed",
    title: "a write leaves the caller's points as they are",
    async run(context) {
      const docs = await emptyCollection(context);
      const points = [{ id: "a", vector: [0.1, 0.2], payload: { lang: "en" } }];
      await docs.upsert(points);
      assert.deepEqual(points, [{ id: "a", vector: [0.1, 0.2], payload: { lang: "en" } }], "points");
    },
  },
  {
    id: "upsert/wrong-dimension",
    title: "vectors of another dimension are refused by the server, naming both, and nothing is written",
    async run(context) {
      const docs = await emptyCollection(context, { dimension: 3 });
      const error = await assert.rejects(
        docs.upsert([{ id: "a", vector: [1, 2, 3, 4] }]),
        InvalidArgumentError,
        {
          code: "INVALID_ARGUMENT",
          messageIncludes: ["3", "4"],
        },
      );
      assert.equal(error.collection, docs.name, "the error's collection");
      assert.equal(error.retryable, false, "retryable");
      await assert.rejects(docs.get("a"), NotFoundError);
    },
  },
  {
    id: "upsert/missing-collection",
    title: "a write to a collection that does not exist is refused",
    async run(context) {
      const name = context.collectionName();
      const write = context.client.upsert(name, [{ id: "a", vector: [1, 2] }]);
      await assert.rejects(write, NotFoundError, { code: "NOT_FOUND", messageIncludes: [name] });
      assert.ok(!(await context.client.listCollections()).includes(name), "the write created the collection");
    },
  },
  {
    id: "upsert/over-large",
    title: "what does not fit into one request is refused before it is sent, naming bulkUpsert",
    needs: ["message-limit"],
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      const vector = new Float32Array(262_144);
      const points: PointInput[] = times(257, (index) => ({ id: `p${index}`, vector }));
      const write = client.upsert("never reached", points);
      const error = await assert.rejects(write, ResourceExhaustedError, {
        code: "RESOURCE_EXHAUSTED",
        messageIncludes: ["bulkUpsert"],
      });
      assert.equal(error.retryable, false, "retryable");
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
];

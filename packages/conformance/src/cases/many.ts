import { InvalidArgumentError, NotFoundError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { filledCollection, idsOf, pointsOnLine, times } from "../support/fixtures.ts";
import { HeldCalls } from "../support/held-calls.ts";

export const manyCases: readonly ConformanceCase[] = [
  {
    id: "many/get-in-order",
    title: "getMany returns the points in the order of the ids, undefined for those that do not exist",
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(30));
      const ids = ["p29", "missing", "p0", "p29", "p7"];
      const points = await context.client.getMany(docs.name, ids);
      assert.deepEqual(
        points.map((point) => point?.id),
        ["p29", undefined, "p0", "p29", "p7"],
        "ids",
      );
      assert.deepEqual(points[4]?.vector, Float32Array.of(7, 0), "vector");
    },
  },
  {
    id: "many/get-whatever-the-concurrency",
    title: "getMany reads the same points in the same order, whatever the concurrency",
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(100));
      const ids = times(100, (index) => `p${(index * 7) % 100}`);
      for (const concurrency of [1, 5, 1_024]) {
        const points = await docs.getMany(ids, { concurrency });
        assert.deepEqual(
          points.map((point) => point?.id),
          ids,
          `ids, with concurrency ${concurrency}`,
        );
      }
    },
  },
  {
    id: "many/nothing",
    title: "*Many calls of nothing send nothing",
    async run(context) {
      const recorder = new CallRecorder();
      const docs = context.connect({ observers: [recorder] }).collection("no such collection");
      assert.deepEqual(await docs.getMany([]), [], "points");
      assert.equal(await docs.deleteMany([]), undefined, "result of deleteMany");
      assert.deepEqual(await docs.searchMany([]), [], "results");
      assert.deepEqual(await docs.getMany([], { settled: true }), [], "settled points");
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "many/get-fails",
    title: "a failure that is no missing point rejects getMany, and with settled: true stands in each place",
    async run(context) {
      const docs = context.client.collection(context.collectionName());
      await assert.rejects(docs.getMany(["a", "b"]), NotFoundError, { messageIncludes: [docs.name] });
      const settled = await docs.getMany(["a", "b"], { settled: true });
      assert.equal(settled.length, 2, "number of results");
      for (const result of settled) {
        assert.equal(result.status, "rejected", "status");
        if (result.status === "rejected")
          assert.isError(result.error, NotFoundError, { messageIncludes: [docs.name] });
      }
    },
  },
  {
    id: "many/get-settled",
    title: "with settled: true a missing point is a value like any other",
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(1));
      const settled = await docs.getMany(["p0", "missing"], { settled: true });
      const expected = [
        { status: "fulfilled", value: { id: "p0", vector: Float32Array.of(0, 0), payload: {} } },
        { status: "fulfilled", value: undefined },
      ];
      assert.deepEqual(settled, expected, "results");
    },
  },
  {
    id: "many/delete",
    title: "deleteMany removes the points, those that do not exist among them",
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(30));
      const ids = [...times(29, (index) => `p${index}`), "missing", "p3"];
      assert.equal(await docs.deleteMany(ids), undefined, "result");
      assert.deepEqual(
        (await docs.getMany([...ids, "p29"])).map((point) => point?.id),
        [...ids.map(() => undefined), "p29"],
        "ids",
      );
      const settled = await context.client.deleteMany(docs.name, ["p29", "missing"], { settled: true });
      assert.deepEqual(
        settled.map(({ status }) => status),
        ["fulfilled", "fulfilled"],
        "settled",
      );
    },
  },
  {
    id: "many/search-in-order",
    title: "searchMany returns the results in the order of the searches, each by its own options",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(20));
      await context.eventually(async () => {
        const lists = await docs.searchMany(
          times(20, (index) => ({ vector: [19 - index, 0], topK: 1 + (index % 3) })),
        );
        assert.deepEqual(
          lists.map((list) => list[0]?.id),
          times(20, (index) => `p${19 - index}`),
          "nearest",
        );
        assert.deepEqual(
          lists.map((list) => list.length),
          times(20, (index) => 1 + (index % 3)),
          "lengths",
        );
      });
    },
  },
  {
    id: "many/search-settled",
    title: "with settled: true one failing search leaves the others alone",
    needs: ["complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(2));
      const searches = [{ vector: [0, 0] }, { vector: [1, 2, 3] }, { vector: [1, 0] }];
      await assert.rejects(docs.searchMany(searches), InvalidArgumentError);
      await context.eventually(async () => {
        const [first, second, third] = await docs.searchMany(searches, { settled: true });
        assert.ok(first?.status === "fulfilled" && third?.status === "fulfilled", "a good search failed");
        assert.deepEqual(
          [idsOf(first.value), idsOf(third.value)],
          [
            ["p0", "p1"],
            ["p1", "p0"],
          ],
          "ids found",
        );
        assert.ok(second?.status === "rejected", "the wrong search succeeded");
        assert.isError(second.error, InvalidArgumentError);
      });
    },
  },
  {
    id: "many/bounded",
    title: "no more than `concurrency` requests are under way at once",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const ids = times(50, (index) => `p${index}`);
      const calls = [
        client.getMany("never reached", ids, { concurrency: 3 }),
        client.getMany("never reached", ids),
      ].map((call) => call.catch(() => "ended"));
      // 3 of the one and, by default, 16 of the other; whoever came next would have come by the end of a whole call.
      await held.arrived(19);
      await context.client.listCollections();
      assert.equal(held.calls.length, 19, "calls under way");
      await client.close();
      assert.deepEqual(await Promise.all(calls), ["ended", "ended"], "ends");
    },
  },
  {
    id: "many/options-of-each",
    title: "call options apply to each request: headers are sent with it, onResponse hears of it",
    async run(context) {
      const seen: (string | undefined)[] = [];
      const client = context.connect({
        interceptors: [
          (next) => (call) => {
            seen.push(call.headers["x-case"]);
            return next(call);
          },
        ],
      });
      const docs = await filledCollection(context, pointsOnLine(3), { client });
      seen.length = 0;
      const ids = new Set<string>();
      await docs.getMany(["p0", "p1", "p2"], {
        headers: { "X-Case": "many" },
        onResponse: ({ requestId }) => ids.add(requestId),
      });
      assert.deepEqual(seen, ["many", "many", "many"], "headers");
      assert.equal(ids.size, 3, "number of request ids");
    },
  },
];

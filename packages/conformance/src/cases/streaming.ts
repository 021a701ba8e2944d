import { CancelledError, InvalidArgumentError, NotFoundError, UnimplementedError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { globals } from "../globals.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { CountingSignal } from "../support/counting-signal.ts";
import { collect, emptyCollection, filledCollection, idsOf, pointsOnLine } from "../support/fixtures.ts";

const NEEDS = ["streaming"] as const;

export const streamingCases: readonly ConformanceCase[] = [
  {
    id: "streaming/refused",
    title: "a transport that cannot stream says so",
    needs: ["streaming-refused"],
    async run(context) {
      const docs = await emptyCollection(context);
      await assert.rejects(collect(docs.searchStream({ vector: [1, 2] })), UnimplementedError, {
        code: "UNIMPLEMENTED",
      });
      assert.deepEqual(await docs.search({ vector: [1, 2] }), [], "results of a search on the same client");
    },
  },
  {
    id: "streaming/ends-as-search",
    title:
      "the last snapshot is what a search returns, and each before it is ordered and no longer than topK",
    needs: [...NEEDS, "complete-search"],
    async run(context) {
      const points = pointsOnLine(30).map((point) => ({ ...point, payload: { of: point.id } }));
      const docs = await filledCollection(context, points);
      await context.eventually(async () => {
        const query = { vector: [10, 0], topK: 7 };
        const snapshots = await collect(docs.searchStream(query));
        assert.deepEqual(snapshots.at(-1), await docs.search(query), "last snapshot");
        for (const snapshot of snapshots) {
          assert.ok(snapshot.length <= 7, `a snapshot has ${snapshot.length} results`);
          const scores = snapshot.map(({ score }) => score);
          assert.deepEqual(
            scores,
            [...scores].sort((a, b) => a - b),
            "scores of a snapshot",
          );
        }
      });
    },
  },
  {
    id: "streaming/defaults",
    title: "without options a stream has 10 results with payloads and without vectors",
    needs: [...NEEDS, "complete-search"],
    async run(context) {
      const points = pointsOnLine(12).map((point) => ({ ...point, payload: { of: point.id } }));
      const docs = await filledCollection(context, points);
      await context.eventually(async () => {
        const last = (await collect(context.client.searchStream(docs.name, { vector: [0, 0] }))).at(-1) ?? [];
        assert.equal(last.length, 10, "number of results");
        assert.deepEqual(Object.keys(last[0] ?? {}).sort(), ["id", "payload", "score"], "fields of a result");
        assert.deepEqual(last[3]?.payload, { of: "p3" }, "payload");
      });
    },
  },
  {
    id: "streaming/without-payload",
    title: "with includePayload: false a stream's results have no payload",
    needs: [...NEEDS, "complete-search"],
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2], payload: { lang: "en" } }]);
      await context.eventually(async () => {
        const snapshots = await collect(docs.searchStream({ vector: [1, 2], includePayload: false }));
        assert.deepEqual(snapshots.at(-1), [{ id: "a", score: 0 }], "last snapshot");
      });
    },
  },
  {
    id: "streaming/empty-collection",
    title: "a stream over an empty collection ends, and finds nothing",
    needs: NEEDS,
    async run(context) {
      const docs = await emptyCollection(context);
      for (const snapshot of await collect(docs.searchStream({ vector: [1, 2] }))) {
        assert.deepEqual(snapshot, [], "snapshot");
      }
    },
  },
  {
    id: "streaming/with-vectors",
    title: "a stream cannot carry vectors: asking for them is refused",
    needs: NEEDS,
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2] }]);
      const stream = docs.searchStream({ vector: [1, 2], includeVectors: true });
      await assert.rejects(collect(stream), InvalidArgumentError, { code: "INVALID_ARGUMENT" });
    },
  },
  {
    id: "streaming/not-iterated",
    title: "a stream that nobody iterates sends nothing",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      client.searchStream("never reached", { vector: [1, 2] });
      await context.client.listCollections();
      assert.deepEqual(recorder.calls, [], "calls");
    },
  },
  {
    id: "streaming/early-break",
    title: "leaving the loop ends the call, once, and the client works on",
    needs: [...NEEDS, "complete-search"],
    async run(context) {
      const recorder = new CallRecorder();
      const signal = new CountingSignal();
      const client = context.connect({ observers: [recorder] });
      const docs = await filledCollection(context, pointsOnLine(20), { client });
      await context.eventually(async () =>
        assert.equal((await docs.search({ vector: [0, 0] })).length, 10, "results"),
      );
      for (let turn = 1; turn <= 20; turn++) {
        for await (const snapshot of docs.searchStream({ vector: [0, 0] }, { signal })) {
          assert.ok(snapshot.length <= 10, `a snapshot has ${snapshot.length} results`);
          break;
        }
      }
      const streams = recorder.calls
        .filter(({ kind }) => kind === "stream")
        .map(({ requestId }) => requestId);
      assert.equal(streams.length, 20, "streams begun");
      const ends = recorder.results.filter(({ requestId }) => streams.includes(requestId));
      assert.equal(ends.length, 20, "streams ended");
      assert.equal(signal.listening, 0, "listeners left on the caller's signal");
      assert.equal(
        (await docs.search({ vector: [0, 0] })).length,
        10,
        "results of a search on the same client",
      );
    },
  },
  {
    id: "streaming/throw-in-the-loop",
    title: "what the loop's body throws reaches the caller as it is",
    needs: NEEDS,
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(1));
      const own = new RangeError("the caller's own");
      let caught: unknown;
      try {
        for await (const _snapshot of docs.searchStream({ vector: [0, 0] })) throw own;
      } catch (error) {
        caught = error;
      }
      assert.equal(caught, own, "what was caught");
    },
  },
  {
    id: "streaming/return",
    title: "return() ends a stream that has begun, and one that has not",
    needs: NEEDS,
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(1));
      const begun = docs.searchStream({ vector: [0, 0] })[Symbol.asyncIterator]();
      await begun.next();
      assert.deepEqual(await begun.return?.(), { done: true, value: undefined }, "result of return()");
      assert.deepEqual(await begun.next(), { done: true, value: undefined }, "what comes after it");
      const idle = docs.searchStream({ vector: [0, 0] })[Symbol.asyncIterator]();
      assert.deepEqual(
        await idle.return?.(),
        { done: true, value: undefined },
        "result of return() before the first step",
      );
    },
  },
  {
    id: "streaming/abort-between-snapshots",
    title: "a stream that is aborted after a snapshot ends as cancelled at the next step",
    needs: NEEDS,
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(1));
      const controller = new globals.AbortController();
      const iterator = docs
        .searchStream({ vector: [0, 0] }, { signal: controller.signal })
        [Symbol.asyncIterator]();
      assert.equal((await iterator.next()).done, false, "whether the stream ended before its first snapshot");
      controller.abort();
      await assert.rejects(iterator.next(), CancelledError, { code: "CANCELLED" });
      assert.equal((await docs.get("p0")).id, "p0", "id, asked of the same client");
    },
  },
  {
    id: "streaming/missing-collection",
    title: "a stream over a collection that does not exist is refused at its first step",
    needs: NEEDS,
    async run(context) {
      const name = context.collectionName();
      const stream = collect(context.client.searchStream(name, { vector: [1, 2] }));
      const error = await assert.rejects(stream, NotFoundError, {
        code: "NOT_FOUND",
        messageIncludes: [name],
      });
      assert.equal(error.method, "SearchStream", "the error's method");
    },
  },
  {
    id: "streaming/wrong-dimension",
    title: "a stream for a query of another dimension is refused, naming both",
    needs: NEEDS,
    async run(context) {
      const docs = await filledCollection(context, [{ id: "a", vector: [1, 2, 3] }]);
      const stream = collect(docs.searchStream({ vector: [1, 2, 3, 4] }));
      await assert.rejects(stream, InvalidArgumentError, { messageIncludes: ["3", "4"] });
    },
  },
  {
    id: "streaming/together",
    title: "several streams run at once without mixing up their results",
    needs: [...NEEDS, "complete-search"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(16));
      await context.eventually(async () => {
        const starts = pointsOnLine(16).map(({ vector }) => collect(docs.searchStream({ vector, topK: 1 })));
        const nearest = (await Promise.all(starts)).map((snapshots) => idsOf(snapshots.at(-1) ?? []));
        assert.deepEqual(
          nearest,
          pointsOnLine(16).map(({ id }) => [id]),
          "ids found",
        );
      });
    },
  },
];

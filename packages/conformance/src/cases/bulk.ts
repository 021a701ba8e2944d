import {
  type BulkProgress,
  BulkUpsertError,
  CancelledError,
  InvalidArgumentError,
  NotFoundError,
  type PointInput,
  type RejectedRecord,
} from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { globals } from "../globals.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { emptyCollection, pointsOnLine, times } from "../support/fixtures.ts";
import { HeldCalls } from "../support/held-calls.ts";

function* generated(points: readonly PointInput[]): Generator<PointInput> {
  yield* points;
}

async function* generatedLater(points: readonly PointInput[]): AsyncGenerator<PointInput> {
  for (const point of points) yield await Promise.resolve(point);
}

function streamed(points: readonly PointInput[]) {
  return new globals.ReadableStream<PointInput>({
    start(controller) {
      for (const point of points) controller.enqueue(point);
      controller.close();
    },
  });
}

const SOURCES = {
  array: (points: readonly PointInput[]) => points,
  generator: generated,
  "async-generator": generatedLater,
  "readable-stream": streamed,
};

const sourceCases: readonly ConformanceCase[] = Object.entries(SOURCES).map(([kind, open]) => ({
  id: `bulk/from-${kind}`,
  title: `bulkUpsert writes all records of a source that is ${kind.startsWith("a") ? "an" : "a"} ${kind.replace("-", " ")}`,
  async run(context) {
    const docs = await emptyCollection(context);
    const points = pointsOnLine(250).map((point) => ({ ...point, payload: { of: point.id } }));
    const report = await docs.bulkUpsert(open(points), { maxBatchPoints: 60 });
    const { accepted, rejected, attempts } = report;
    assert.deepEqual(
      { accepted, rejected, attempts },
      { accepted: 250, rejected: [], attempts: 5 },
      "report",
    );
    assert.ok(report.bytes > 250, `bytes are ${report.bytes}`);
    const found = await docs.getMany(points.map(({ id }) => id));
    assert.deepEqual(
      found.map((point) => point?.payload.of),
      points.map(({ id }) => id),
      "points",
    );
  },
}));

export const bulkCases: readonly ConformanceCase[] = [
  ...sourceCases,
  {
    id: "bulk/nothing",
    title: "an empty source sends nothing",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      const { accepted, rejected, attempts, bytes } = await client.bulkUpsert("never reached", []);
      const nothing = { accepted: 0, rejected: [], attempts: 0, bytes: 0 };
      assert.deepEqual({ accepted, rejected, attempts, bytes }, nothing, "report");
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "bulk/one-buffer",
    title: "a source may yield one buffer and one payload again and again",
    async run(context) {
      const docs = await emptyCollection(context);
      const vector = new Float32Array(2);
      const payload: Record<string, string> = {};
      function* source(): Generator<PointInput> {
        for (let index = 0; index < 100; index++) {
          vector.fill(index);
          payload.index = String(index);
          yield { id: `p${index}`, vector, payload };
        }
      }
      await docs.bulkUpsert(source(), { maxBatchPoints: 7 });
      const expected = times(100, (index) => ({
        id: `p${index}`,
        vector: Float32Array.of(index, index),
        payload: { index: String(index) },
      }));
      assert.deepEqual(await docs.getMany(expected.map(({ id }) => id)), expected, "points");
    },
  },
  {
    id: "bulk/last-of-equal-ids",
    title: "of equal ids the last of the source stays, however many requests are under way",
    async run(context) {
      const docs = await emptyCollection(context);
      const points = times(200, (index) => ({ id: `p${index % 5}`, vector: [index, 0] }));
      const { accepted } = await docs.bulkUpsert(points, { maxBatchPoints: 3, concurrency: 16 });
      assert.equal(accepted, 200, "accepted");
      const found = await docs.getMany(times(5, (index) => `p${index}`));
      assert.deepEqual(
        found.map((point) => point?.vector[0]),
        [195, 196, 197, 198, 199],
        "vectors",
      );
    },
  },
  {
    id: "bulk/batch-bytes",
    title: "requests are no larger than maxBatchBytes",
    async run(context) {
      const docs = await emptyCollection(context, { dimension: 256 });
      const vector = new Float32Array(256).fill(0.5);
      const points = times(64, (index) => ({ id: `p${index}`, vector }));
      // A point takes a little over 1,024 bytes, so that 3 fit into a request and 4 do not.
      const { accepted, attempts } = await docs.bulkUpsert(points, { maxBatchBytes: 4_096 });
      assert.deepEqual({ accepted, attempts }, { accepted: 64, attempts: 22 }, "report");
    },
  },
  {
    id: "bulk/progress",
    title: "onProgress follows the load to its end",
    async run(context) {
      const docs = await emptyCollection(context);
      const steps: BulkProgress[] = [];
      await docs.bulkUpsert(pointsOnLine(100), {
        maxBatchPoints: 10,
        onProgress: (step) => steps.push(step),
      });
      assert.equal(steps.length, 10, "steps, one for each batch");
      const accepted = steps.map((step) => step.accepted);
      assert.deepEqual(
        accepted,
        [...accepted].sort((a, b) => a - b),
        "accepted",
      );
      assert.equal(accepted.at(-1), 100, "accepted at the end");
      assert.deepEqual(steps.at(-1)?.checkpoint, { records: 100 }, "last checkpoint");
      assert.equal(steps.at(-1)?.inFlight, 0, "requests under way at the end");
    },
  },
  {
    id: "bulk/stops-at-a-wrong-record",
    title: "a wrong record stops the load, which says which it was, what was written and where to go on",
    async run(context) {
      const docs = await emptyCollection(context);
      const points = pointsOnLine(50).map((point, index) =>
        index === 33 ? { ...point, vector: [1, Number.NaN] } : point,
      );
      const error = await assert.rejects(docs.bulkUpsert(points, { maxBatchPoints: 10 }), BulkUpsertError, {
        code: "INVALID_ARGUMENT",
        messageIncludes: [docs.name, "33", '"p33"', "NaN"],
      });
      assert.equal(error.report.accepted, 33, "accepted");
      // The wrong record counts as settled: going on means going on after it.
      assert.deepEqual(error.checkpoint, { records: 34 }, "checkpoint");
      assert.isError(error.cause, InvalidArgumentError);
      const found = await docs.getMany(["p32", "p33", "p34"]);
      assert.deepEqual(
        found.map((point) => point?.id),
        ["p32", undefined, undefined],
        "points",
      );
    },
  },
  {
    id: "bulk/continues-after-wrong-records",
    title: "with onError: continue wrong records are reported, and all others written",
    async run(context) {
      const docs = await emptyCollection(context);
      const points: PointInput[] = pointsOnLine(50);
      points[7] = { id: "", vector: [1, 2] };
      points[20] = { id: "short", vector: [1] };
      points[49] = { id: "payload", vector: [1, 2], payload: { year: 1843 as never } };
      const { accepted, rejected } = await docs.bulkUpsert(points, {
        maxBatchPoints: 5,
        onError: "continue",
      });
      assert.equal(accepted, 47, "accepted");
      assert.deepEqual(
        rejected.map(placeOf),
        [
          [7, ""],
          [20, "short"],
          [49, "payload"],
        ],
        "rejected",
      );
      for (const { error } of rejected) assert.isError(error, InvalidArgumentError);
      const left = await docs.getMany(["p6", "p8", "p48"]);
      assert.deepEqual(
        left.map((point) => point?.id),
        ["p6", "p8", "p48"],
        "points",
      );
    },
  },
  {
    id: "bulk/resume",
    title: "resumeFrom skips what was settled before",
    async run(context) {
      const docs = await emptyCollection(context);
      const { accepted } = await docs.bulkUpsert(pointsOnLine(30), { resumeFrom: { records: 21 } });
      assert.equal(accepted, 9, "accepted");
      const found = await docs.getMany(["p20", "p21", "p29"]);
      assert.deepEqual(
        found.map((point) => point?.id),
        [undefined, "p21", "p29"],
        "points",
      );
    },
  },
  {
    id: "bulk/missing-collection",
    title: "a load into a collection that does not exist stops with its NotFoundError",
    async run(context) {
      const name = context.collectionName();
      const load = context.client.bulkUpsert(name, pointsOnLine(30), { onError: "continue" });
      const error = await assert.rejects(load, BulkUpsertError, {
        code: "NOT_FOUND",
        messageIncludes: [name],
      });
      assert.isError(error.cause, NotFoundError);
      assert.equal(error.report.accepted, 0, "accepted");
      assert.deepEqual(error.checkpoint, { records: 0 }, "checkpoint");
    },
  },
  {
    id: "bulk/failing-source",
    title: "a source that fails stops the load, when what it gave before is written",
    async run(context) {
      const docs = await emptyCollection(context);
      const own = new RangeError("the file ends here");
      function* source(): Generator<PointInput> {
        yield* pointsOnLine(12);
        throw own;
      }
      const error = await assert.rejects(docs.bulkUpsert(source()), BulkUpsertError, {
        messageIncludes: ["the file ends here"],
      });
      assert.equal(error.cause, own, "cause");
      assert.deepEqual(error.checkpoint, { records: 12 }, "checkpoint");
      assert.equal((await docs.get("p11")).id, "p11", "the last record before it failed");
    },
  },
  {
    id: "bulk/abort",
    title: "an aborted load stops, leaves its source and says where to go on",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const controller = new globals.AbortController();
      let left = false;
      function* source(): Generator<PointInput> {
        try {
          for (let index = 0; ; index++) yield { id: `p${index}`, vector: [index, 0] };
        } finally {
          left = true;
        }
      }
      const load = client.bulkUpsert("never reached", source(), {
        signal: controller.signal,
        maxBatchPoints: 1,
        concurrency: 1,
      });
      const stopped = assert.rejects(load, BulkUpsertError, { code: "CANCELLED" });
      await held.arrived(1);
      controller.abort();
      const error = await stopped;
      assert.isError(error.cause, CancelledError);
      assert.deepEqual(error.checkpoint, { records: 0 }, "checkpoint");
      assert.equal(left, true, "whether the source was left");
    },
  },
  {
    id: "bulk/close",
    title: "closing the client stops its loads",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const stopped = assert.rejects(client.bulkUpsert("never reached", pointsOnLine(3)), BulkUpsertError, {
        code: "CANCELLED",
      });
      await held.arrived(1);
      await client.close();
      await stopped;
      await assert.rejects(client.bulkUpsert("never reached", pointsOnLine(3)), BulkUpsertError, {
        code: "CANCELLED",
      });
    },
  },
];

function placeOf({ index, id }: RejectedRecord): [number, string | undefined] {
  return [index, id];
}

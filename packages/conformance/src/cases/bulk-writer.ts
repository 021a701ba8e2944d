import { type BulkProgress, BulkUpsertError, FailedPreconditionError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { emptyCollection, pointsOnLine } from "../support/fixtures.ts";
import { HeldCalls } from "../support/held-calls.ts";

export const bulkWriterCases: readonly ConformanceCase[] = [
  {
    id: "bulkwriter/write-and-close",
    title: "what was handed to a writer is written when it is closed",
    async run(context) {
      const docs = await emptyCollection(context);
      const writer = docs.bulkWriter({ maxBatchPoints: 10 });
      for (const point of pointsOnLine(35)) await writer.write(point);
      const { accepted, rejected, attempts } = await writer.close();
      assert.deepEqual(
        { accepted, rejected, attempts },
        { accepted: 35, rejected: [], attempts: 4 },
        "report",
      );
      const found = await docs.getMany(["p0", "p17", "p34"]);
      assert.deepEqual(
        found.map((point) => point?.id),
        ["p0", "p17", "p34"],
        "points",
      );
    },
  },
  {
    id: "bulkwriter/not-awaited",
    title: "writes that are not awaited keep their order",
    async run(context) {
      const docs = await emptyCollection(context);
      const writer = docs.bulkWriter({ maxBatchPoints: 3, concurrency: 4 });
      const writes = Array.from({ length: 100 }, (_, index) =>
        writer.write({ id: `p${index % 3}`, vector: [index, 0] }),
      );
      await writer.close();
      await Promise.all(writes);
      const found = await docs.getMany(["p0", "p1", "p2"]);
      assert.deepEqual(
        found.map((point) => point?.vector[0]),
        [99, 97, 98],
        "vectors",
      );
    },
  },
  {
    id: "bulkwriter/nothing",
    title: "a writer that was handed nothing sends nothing",
    async run(context) {
      const recorder = new CallRecorder();
      const writer = context.connect({ observers: [recorder] }).bulkWriter("never reached");
      assert.equal((await writer.close()).accepted, 0, "accepted");
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "bulkwriter/progress",
    title: "a writer's progress can be followed to its end",
    async run(context) {
      const docs = await emptyCollection(context);
      const writer = docs.bulkWriter({ maxBatchPoints: 10 });
      const following = (async () => {
        let last: BulkProgress | undefined;
        for await (const step of writer.progress) last = step;
        return last;
      })();
      for (const point of pointsOnLine(30)) await writer.write(point);
      await writer.close();
      const last = await following;
      assert.deepEqual([last?.accepted, last?.inFlight], [30, 0], "last step");
    },
  },
  {
    id: "bulkwriter/closed",
    title: "a closed writer takes nothing more, and closing again gives the same report",
    async run(context) {
      const docs = await emptyCollection(context);
      const writer = docs.bulkWriter();
      await writer.write({ id: "a", vector: [1, 2] });
      const report = await writer.close();
      assert.deepEqual(await writer.close(), report, "report of the second time");
      await assert.rejects(writer.write({ id: "b", vector: [1, 2] }), FailedPreconditionError);
    },
  },
  {
    id: "bulkwriter/dispose",
    title: "disposing of a writer sends what is left",
    async run(context) {
      const docs = await emptyCollection(context);
      const writer = docs.bulkWriter();
      await writer.write({ id: "a", vector: [1, 2] });
      await writer[Symbol.asyncDispose]();
      assert.equal((await docs.get("a")).id, "a", "id");
    },
  },
  {
    id: "bulkwriter/wrong-record",
    title: "a wrong record stops the writer: that write rejects, and so does closing it",
    async run(context) {
      const docs = await emptyCollection(context);
      const writer = docs.bulkWriter();
      await writer.write({ id: "a", vector: [1, 2] });
      const facts = { code: "INVALID_ARGUMENT", messageIncludes: ['"b"'] } as const;
      const error = await assert.rejects(writer.write({ id: "b", vector: [] }), BulkUpsertError, facts);
      assert.equal(error.report.accepted, 1, "accepted");
      await assert.rejects(writer.close(), BulkUpsertError, facts);
      assert.equal((await docs.get("a")).id, "a", "the record before it");
    },
  },
  {
    id: "bulkwriter/abort",
    title: "an aborted writer cancels what is under way, and closing it says so",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const writer = client.bulkWriter("never reached", { maxBatchPoints: 1 });
      await writer.write({ id: "a", vector: [1, 2] });
      await held.arrived(1);
      await writer.abort(new Error("enough"));
      assert.equal(held.calls[0]?.signal.aborted, true, "whether the request was cancelled");
      await assert.rejects(writer.close(), BulkUpsertError, { code: "CANCELLED" });
    },
  },
];

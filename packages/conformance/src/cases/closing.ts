import { CancelledError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { everyCall } from "../support/every-call.ts";
import { emptyCollection, filledCollection, largeBatch, pointsOnLine, times } from "../support/fixtures.ts";
import { ended, HeldCalls } from "../support/held-calls.ts";

const CANCELLED = { code: "CANCELLED" } as const;

const closedClientCases: readonly ConformanceCase[] = Object.entries(everyCall).map(([method, call]) => ({
  id: `closing/then-${method}`,
  title: `${method} after close is cancelled, and sends nothing`,
  async run(context) {
    const recorder = new CallRecorder();
    const client = context.connect({ observers: [recorder] });
    await client.listCollections();
    await client.close();
    const before = recorder.attempts.length;
    await assert.rejects(call(client), CancelledError, { ...CANCELLED, messageIncludes: ["closed"] });
    assert.equal(recorder.attempts.length, before, "attempts");
  },
}));

export const closingCases: readonly ConformanceCase[] = [
  ...closedClientCases,
  {
    id: "closing/unused",
    title: "a client that made no call can be closed",
    async run(context) {
      await context.connect().close();
    },
  },
  {
    id: "closing/again",
    title: "closing again, and at once, does nothing more",
    async run(context) {
      const client = context.connect();
      await client.listCollections();
      await Promise.all([client.close(), client.close()]);
      await client.close();
    },
  },
  {
    id: "closing/dispose",
    title: "disposing of a client closes it",
    async run(context) {
      const client = context.connect();
      await client.listCollections();
      await client[Symbol.asyncDispose]();
      await assert.rejects(client.listCollections(), CancelledError, CANCELLED);
    },
  },
  {
    id: "closing/right-after-calls",
    title: "calls that were made right before close are cancelled",
    async run(context) {
      const client = context.connect();
      const calls = Object.values(everyCall).map((call) =>
        assert.rejects(call(client), CancelledError, CANCELLED),
      );
      await client.close();
      await Promise.all(calls);
    },
  },
  {
    id: "closing/held-calls",
    title: "calls that are held back are cancelled by close, and their interceptors are told",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const calls = Object.values(everyCall).map((call) =>
        assert.rejects(call(client), CancelledError, CANCELLED),
      );
      await held.arrived(calls.length);
      await client.close();
      await Promise.all(held.calls.map(ended));
      await Promise.all(calls);
    },
  },
  {
    id: "closing/as-an-attempt-begins",
    title: "a call whose attempt begins as the client is closed is cancelled",
    async run(context) {
      let closed: Promise<void> | undefined;
      const client = context.connect({ observers: [{ attemptStarted: () => (closed = client.close()) }] });
      await assert.rejects(client.listCollections(), CancelledError, CANCELLED);
      await closed;
    },
  },
  {
    id: "closing/under-way",
    title: "calls whose requests are travelling are cancelled by close, which then ends",
    needs: ["remote"],
    async run(context) {
      const { points, dimension } = largeBatch();
      const docs = await emptyCollection(context, { dimension });
      let closed: Promise<void> | undefined;
      const client = context.connect({
        observers: [{ attemptStarted: () => (closed ??= Promise.resolve().then(() => client.close())) }],
      });
      const writes = times(4, () =>
        assert.rejects(client.upsert(docs.name, points), CancelledError, CANCELLED),
      );
      await Promise.all(writes);
      await closed;
    },
  },
  {
    id: "closing/stream",
    title: "a stream that is open is cancelled by close",
    needs: ["streaming"],
    async run(context) {
      const client = context.connect();
      const docs = await filledCollection(context, pointsOnLine(3), { client });
      const iterator = docs.searchStream({ vector: [0, 0] })[Symbol.asyncIterator]();
      await iterator.next();
      await client.close();
      await assert.rejects(iterator.next(), CancelledError, CANCELLED);
    },
  },
  {
    id: "closing/leaves-others",
    title: "closing one client leaves another of the same server alone",
    needs: ["shared-server"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(3));
      const other = context.connect();
      assert.equal((await other.get(docs.name, "p1")).id, "p1", "id");
      await other.close();
      assert.equal((await docs.get("p2")).id, "p2", "id, asked of the client that is still open");
    },
  },
];

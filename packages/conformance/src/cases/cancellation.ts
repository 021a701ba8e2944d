import { CancelledError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { globals } from "../globals.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { CountingSignal } from "../support/counting-signal.ts";
import { everyCall } from "../support/every-call.ts";
import { emptyCollection, filledCollection, largeBatch, pointsOnLine, times } from "../support/fixtures.ts";
import { ended, HeldCalls } from "../support/held-calls.ts";

const CANCELLED = { code: "CANCELLED" } as const;

const abortedCallCases = Object.entries(everyCall).flatMap(([method, call]): ConformanceCase[] => [
  {
    id: `cancellation/before-${method}`,
    title: `${method} with a signal that is aborted already sends nothing`,
    async run(context) {
      const recorder = new CallRecorder();
      const held = new HeldCalls();
      const client = context.connect({ observers: [recorder], interceptors: [held.interceptor] });
      const controller = new globals.AbortController();
      controller.abort();
      await assert.rejects(call(client, { signal: controller.signal }), CancelledError, CANCELLED);
      assert.deepEqual(recorder.attempts, [], "attempts");
      assert.equal(held.calls.length, 0, "calls that interceptors saw");
    },
  },
  {
    id: `cancellation/during-${method}`,
    title: `${method} that is aborted right after it was called ends as cancelled`,
    async run(context) {
      const client = context.connect();
      const controller = new globals.AbortController();
      const running = assert.rejects(call(client, { signal: controller.signal }), CancelledError, CANCELLED);
      controller.abort();
      await running;
    },
  },
]);

export const cancellationCases: readonly ConformanceCase[] = [
  ...abortedCallCases,
  {
    id: "cancellation/reason",
    title: "the error's cause is the reason that the caller gave",
    async run(context) {
      const controller = new globals.AbortController();
      const reason = new Error("the user closed the dialog");
      controller.abort(reason);
      const call = context.client.listCollections({ signal: controller.signal });
      const error = await assert.rejects(call, CancelledError, CANCELLED);
      assert.equal(error.cause, reason, "cause");
      assert.equal(error.retryable, false, "retryable");
    },
  },
  {
    id: "cancellation/at-the-start-of-an-attempt",
    title: "a call that is aborted as its attempt begins ends as cancelled, and the client works on",
    async run(context) {
      const controller = new globals.AbortController();
      const client = context.connect({ observers: [{ attemptStarted: () => controller.abort() }] });
      const call = client.listCollections({ signal: controller.signal });
      await assert.rejects(call, CancelledError, CANCELLED);
      await client.listCollections();
    },
  },
  {
    id: "cancellation/under-way",
    title: "a call that is aborted while its request travels ends as cancelled, and the client works on",
    needs: ["remote"],
    async run(context) {
      const { points, dimension } = largeBatch();
      const controller = new globals.AbortController();
      const client = context.connect({
        observers: [
          {
            attemptStarted: ({ method }) =>
              method === "Upsert" && globals.setTimeout(() => controller.abort(), 0),
          },
        ],
      });
      const docs = await emptyCollection(context, { client, dimension });
      const write = docs.upsert(points, { signal: controller.signal });
      await assert.rejects(write, CancelledError, CANCELLED);
      assert.equal((await docs.status()).dimension, dimension, "dimension, asked of the same client");
    },
  },
  {
    id: "cancellation/in-an-interceptor",
    title:
      "a call that is aborted in an interceptor ends as cancelled, is not sent, and the interceptor is told",
    async run(context) {
      const held = new HeldCalls();
      const recorder = new CallRecorder();
      const controller = new globals.AbortController();
      const client = context.connect({ observers: [recorder], interceptors: [held.interceptor] });
      const call = assert.rejects(
        client.listCollections({ signal: controller.signal }),
        CancelledError,
        CANCELLED,
      );
      await held.arrived(1);
      controller.abort();
      await Promise.all(held.calls.map(ended));
      await call;
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "cancellation/after",
    title: "aborting after the end changes nothing",
    async run(context) {
      const controller = new globals.AbortController();
      const docs = await emptyCollection(context);
      await docs.upsert([{ id: "a", vector: [1, 2] }], { signal: controller.signal });
      const point = await docs.get("a", { signal: controller.signal });
      controller.abort();
      assert.equal(point.id, "a", "id");
      assert.equal((await docs.get("a")).id, "a", "id, asked again");
    },
  },
  {
    id: "cancellation/shared-signal",
    title: "one signal ends all the calls that it was given to, and the caller's own handler still runs",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const controller = new globals.AbortController();
      let told = 0;
      const signal = Object.assign(controller.signal, { onabort: () => (told += 1) });
      const calls = times(5, () =>
        assert.rejects(client.listCollections({ signal }), CancelledError, CANCELLED),
      );
      const other = client.listCollections();
      await held.arrived(6);
      controller.abort();
      await Promise.all(calls);
      assert.equal(told, 1, "runs of the caller's handler");
      assert.equal(held.calls[5]?.signal.aborted, false, "whether the call without the signal was ended");
      await client.close();
      await assert.rejects(other, CancelledError, CANCELLED);
    },
  },
  {
    id: "cancellation/many",
    title: "aborting a *Many call ends it and begins no more requests",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const controller = new globals.AbortController();
      const ids = times(100, (index) => `p${index}`);
      const read = client.getMany("never reached", ids, { signal: controller.signal, concurrency: 4 });
      const call = assert.rejects(read, CancelledError, CANCELLED);
      await held.arrived(4);
      controller.abort();
      await call;
      await context.client.listCollections();
      assert.equal(held.calls.length, 4, "requests that were begun");
    },
  },
  {
    id: "cancellation/leaves-no-listener",
    title: "hundreds of calls with one signal leave no listener on it, however they end",
    async run(context) {
      const signal = new CountingSignal();
      const docs = await filledCollection(context, pointsOnLine(1));
      const held = context.connect({ interceptors: [new HeldCalls().interceptor] });
      const ids = times(200, (index) => (index % 2 === 0 ? "p0" : "missing"));
      await docs.getMany(ids, { signal });
      await docs.searchMany(
        times(50, () => ({ vector: [0, 0] })),
        { signal },
      );
      await Promise.allSettled(times(50, () => held.get(docs.name, "p0", { signal, timeoutMs: 1 })));
      await docs.waitUntilReady({ signal });
      assert.ok(signal.added > 0, "nobody ever listened to the signal");
      assert.equal(signal.listening, 0, "listeners left");
    },
  },
];

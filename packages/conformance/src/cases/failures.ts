import {
  NotFoundError,
  ResourceExhaustedError,
  type ResponseInfo,
  type RetryOptions,
  UnavailableError,
  VectronError,
} from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { everyCall } from "../support/every-call.ts";
import { emptyCollection, filledCollection, idsOf, pointsOnLine, times } from "../support/fixtures.ts";

const QUICK_RETRY = { initialDelayMs: 1, maxDelayMs: 1 } as const;

const noServerCases: readonly ConformanceCase[] = Object.entries(everyCall).map(([method, call]) => ({
  id: `failures/no-server-${method}`,
  title: `${method} where nothing listens is an UnavailableError`,
  needs: method === "searchStream" ? (["unreachable", "streaming"] as const) : (["unreachable"] as const),
  async run(context) {
    const client = context.connectToNothing({ retry: { maxAttempts: 1 } });
    const error = await assert.rejects(call(client), UnavailableError, { code: "UNAVAILABLE" });
    assert.equal(error.attempts.length, 1, "number of attempts");
  },
}));

export const failureCases: readonly ConformanceCase[] = [
  {
    id: "failures/facts",
    title: "an error carries what happened: code, method, collection, request id and attempts",
    async run(context) {
      const docs = await emptyCollection(context);
      const error = await assert.rejects(docs.get("missing"), NotFoundError, { code: "NOT_FOUND" });
      const { name, method, collection, retryable } = error;
      const expected = { name: "NotFoundError", method: "Get", collection: docs.name, retryable: false };
      assert.deepEqual({ name, method, collection, retryable }, expected, "facts");
      assert.ok(typeof error.requestId === "string" && error.requestId !== "", "there is no request id");
      assert.deepEqual(
        error.attempts.map(({ number, code }) => ({ number, code })),
        [{ number: 1, code: "NOT_FOUND" }],
        "attempts",
      );
      assert.ok(
        VectronError.isInstance(error) && NotFoundError.isInstance(error),
        "isInstance does not know the error",
      );
      assert.ok(!UnavailableError.isInstance(error), "isInstance takes the error for another");
    },
  },
  {
    id: "failures/to-json",
    title: "an error can be logged as JSON",
    async run(context) {
      const docs = await emptyCollection(context);
      const error = await assert.rejects(docs.get("missing"), NotFoundError);
      const json = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
      const { name, code, message, method, collection, requestId } = json;
      const expected = {
        name: "NotFoundError",
        code: "NOT_FOUND",
        message: error.message,
        method: "Get",
        collection: docs.name,
        requestId: error.requestId,
      };
      assert.deepEqual({ name, code, message, method, collection, requestId }, expected, "fields");
    },
  },
  {
    id: "failures/no-payload",
    title: "an error never repeats a payload",
    async run(context) {
      const docs = await emptyCollection(context, { dimension: 3 });
      const secret = "a payload that no log should see";
      const write = docs.upsert([{ id: "a", vector: [1, 2], payload: { secret } }]);
      const error: unknown = await write.catch((reason: unknown) => reason);
      assert.ok(error instanceof VectronError, "the write was not refused");
      const texts = [error.message, String(error.stack), JSON.stringify(error)].join("\n");
      assert.ok(!texts.includes(secret), `the error repeats the payload: ${texts}`);
    },
  },
  {
    id: "failures/then-success",
    title: "a client works on after failures of every kind",
    async run(context) {
      const client = context.connect();
      const docs = await filledCollection(context, pointsOnLine(1), { client });
      await docs.get("missing").catch(() => undefined);
      await docs.search({ vector: [1, 2, 3] }).catch(() => undefined);
      await docs.upsert([{ id: "", vector: [1] }]).catch(() => undefined);
      await client.getCollectionStatus(context.collectionName()).catch(() => undefined);
      await docs.get("p0", { timeoutMs: 0.001 }).catch(() => undefined);
      assert.equal((await docs.get("p0")).id, "p0", "id");
    },
  },
  ...noServerCases,
  {
    id: "failures/retries",
    title: "a read that reaches no server is tried three times, and interceptors see one call",
    needs: ["unreachable"],
    async run(context) {
      const recorder = new CallRecorder();
      let calls = 0;
      const client = context.connectToNothing({
        observers: [recorder],
        retry: QUICK_RETRY,
        interceptors: [
          (next) => (call) => {
            calls += 1;
            return next(call);
          },
        ],
      });
      const error = await assert.rejects(client.listCollections(), UnavailableError);
      assert.equal(error.retryable, true, "retryable");
      assert.deepEqual(
        error.attempts.map(({ number }) => number),
        [1, 2, 3],
        "attempts",
      );
      assert.equal(recorder.attempts.length, 3, "attempts that were observed");
      assert.equal(calls, 1, "calls that the interceptor saw");
    },
  },
  {
    id: "failures/retry-options-of-the-call",
    title: "a call's own retry options replace the client's",
    needs: ["unreachable"],
    async run(context) {
      // A client for each, since the failures of one draw on its retry budget.
      const attemptsOf = async (retry?: RetryOptions) => {
        const client = context.connectToNothing({ retry: { ...QUICK_RETRY, maxAttempts: 2 } });
        const error = await assert.rejects(client.listCollections({ retry }), UnavailableError);
        return error.attempts.length;
      };
      assert.equal(await attemptsOf(), 2, "attempts by the client's options");
      assert.equal(await attemptsOf({ maxAttempts: 4 }), 4, "attempts by the call's options");
      assert.equal(
        await attemptsOf({ codes: ["INTERNAL"] }),
        1,
        "attempts when the code is not among those to retry",
      );
    },
  },
  {
    id: "failures/rate-limit",
    title: "a rate limit is a ResourceExhaustedError that may be tried again",
    needs: ["rate-limit"],
    async run(context) {
      const client = context.connect({ retry: { maxAttempts: 1 } });
      const settled = await Promise.allSettled(times(20, () => client.listCollections()));
      const refusals = settled.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
      assert.ok(refusals.length > 0, "no call was refused");
      for (const refusal of refusals) {
        const error = assert.isError(refusal, ResourceExhaustedError, { code: "RESOURCE_EXHAUSTED" });
        assert.equal(error.retryable, true, "retryable");
      }
    },
  },
  {
    id: "failures/rate-limit-waited-out",
    title: "a call that hits the rate limit is made again when it has passed",
    needs: ["rate-limit"],
    async run(context) {
      const client = context.connect();
      const attempts: number[] = [];
      const onResponse = (info: ResponseInfo) => attempts.push(info.attempts.length);
      for (let turn = 0; turn < 3; turn++) await client.listCollections({ onResponse });
      assert.ok(Math.max(...attempts) > 1, "no call was refused");
    },
  },
  {
    id: "failures/too-large-for-the-server",
    title: "a request that the server finds too large is a ResourceExhaustedError, and is not tried again",
    needs: ["small-messages"],
    async run(context) {
      const docs = await emptyCollection(context, { dimension: 1_000 });
      const vector = new Float32Array(1_000);
      const write = docs.upsert(times(100, (index) => ({ id: `p${index}`, vector })));
      const error = await assert.rejects(write, ResourceExhaustedError, { code: "RESOURCE_EXHAUSTED" });
      assert.equal(error.retryable, false, "retryable");
      assert.equal(error.attempts.length, 1, "number of attempts");
      assert.equal(await docs.upsert([{ id: "small", vector }]), 1, "count of a request that fits");
    },
  },
  {
    id: "failures/hedged-reads",
    title: "hedged reads give the same answers",
    needs: ["complete-search"],
    async run(context) {
      const client = context.connect({ hedge: { delayMs: 0 } });
      const docs = await filledCollection(context, pointsOnLine(5), { client });
      await context.eventually(async () => {
        assert.deepEqual(
          idsOf(await docs.search({ vector: [0, 0] })),
          ["p0", "p1", "p2", "p3", "p4"],
          "ids found",
        );
      });
      assert.equal((await docs.get("p3")).id, "p3", "id");
      await assert.rejects(docs.get("missing"), NotFoundError);
      let attempts = 0;
      await docs.get("p1", { hedge: false, onResponse: (info) => (attempts = info.attempts.length) });
      assert.equal(attempts, 1, "attempts of a read that is not hedged");
    },
  },
];

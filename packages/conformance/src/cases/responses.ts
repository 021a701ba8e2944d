import { type LogFields, NotFoundError, type ResponseInfo } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { collect, filledCollection, pointsOnLine } from "../support/fixtures.ts";

export const responseCases: readonly ConformanceCase[] = [
  {
    id: "responses/on-response",
    title: "onResponse hears of a call that succeeded: its id, its one attempt, no warnings",
    async run(context) {
      const infos: ResponseInfo[] = [];
      const seen: string[] = [];
      const client = context.connect({
        interceptors: [
          (next) => (call) => {
            seen.push(call.requestId);
            return next(call);
          },
        ],
      });
      await client.listCollections({ onResponse: (info) => infos.push(info) });
      assert.equal(infos.length, 1, "number of reports");
      const [{ requestId, attempts, warnings } = fail()] = infos;
      assert.equal(requestId, seen[0], "request id");
      assert.deepEqual(warnings, [], "warnings");
      assert.equal(attempts.length, 1, "number of attempts");
      const { number, hedge, code, message, requestSent } = attempts[0] ?? fail();
      const expected = { number: 1, hedge: false, code: "OK", message: "", requestSent: "yes" };
      assert.deepEqual({ number, hedge, code, message, requestSent }, expected, "attempt");
    },
  },
  {
    id: "responses/not-on-failure",
    title: "onResponse hears nothing of a call that failed",
    async run(context) {
      let reports = 0;
      const call = context.client.getCollectionStatus(context.collectionName(), {
        onResponse: () => (reports += 1),
      });
      await assert.rejects(call, NotFoundError);
      assert.equal(reports, 0, "reports");
    },
  },
  {
    id: "responses/of-a-stream",
    title: "onResponse hears of a stream when it has ended",
    needs: ["streaming"],
    async run(context) {
      const docs = await filledCollection(context, pointsOnLine(3));
      const infos: ResponseInfo[] = [];
      await collect(docs.searchStream({ vector: [0, 0] }, { onResponse: (info) => infos.push(info) }));
      assert.equal(infos.length, 1, "number of reports");
      assert.deepEqual(
        infos[0]?.attempts.map(({ code }) => code),
        ["OK"],
        "codes of the attempts",
      );
    },
  },
  {
    id: "responses/observers",
    title: "an observer sees a call begin, its attempt begin and end, and the call end, in this order",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      const missing = context.collectionName();
      await client.listCollections();
      await assert.rejects(client.getCollectionStatus(missing), NotFoundError);
      const [first, second] = recorder.calls.map(({ requestId }) => requestId);
      const expected = [
        `${first} call started`,
        `${first} attempt started`,
        `${first} attempt ended OK`,
        `${first} call ended`,
        `${second} call started`,
        `${second} attempt started`,
        `${second} attempt ended NOT_FOUND`,
        `${second} call ended`,
      ];
      assert.deepEqual(recorder.events, expected, "events");
      assert.equal(recorder.calls[1]?.collection, missing, "collection of the second call");
      assert.equal(recorder.results[0]?.error, undefined, "error of the first call");
      assert.isError(recorder.results[1]?.error, NotFoundError);
    },
  },
  {
    id: "responses/throwing-observer",
    title: "an observer that throws changes nothing",
    async run(context) {
      const refuse = () => {
        throw new Error("the observer's own");
      };
      const observer = {
        callStarted: refuse,
        attemptStarted: refuse,
        attemptEnded: refuse,
        callEnded: refuse,
      };
      assert.ok(
        Array.isArray(await context.connect({ observers: [observer] }).listCollections()),
        "no list came back",
      );
    },
  },
  {
    id: "responses/logger",
    title: "a logger is told of calls, and never of the key",
    needs: ["auth"],
    async run(context) {
      const lines: string[] = [];
      const log = (message: string, fields?: LogFields) =>
        void lines.push(`${message} ${JSON.stringify(fields)}`);
      const logger = { debug: log, info: log, warn: log, error: log };
      await context.connect({ logger }).listCollections();
      await context
        .connect({ logger, apiKey: "wrong-key-of-the-case" })
        .listCollections()
        .catch(() => undefined);
      const text = lines.join("\n");
      assert.includes(text, ["ListCollections"], "log");
      for (const secret of [context.apiKey ?? "", "wrong-key-of-the-case"]) {
        assert.ok(secret !== "" && !text.includes(secret), "the log holds a key");
      }
    },
  },
];

function fail(): never {
  return assert.fail("nothing was reported");
}

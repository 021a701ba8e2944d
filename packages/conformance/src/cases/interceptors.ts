import type { Interceptor, InterceptorCall, InterceptorReply } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { collect, emptyCollection, filledCollection, pointsOnLine } from "../support/fixtures.ts";

const REMOTE_METHODS: Readonly<Record<string, "unary" | "stream">> = {
  Upsert: "unary",
  Get: "unary",
  Search: "unary",
  Delete: "unary",
  GetCollectionStatus: "unary",
};

/** An interceptor that keeps the calls that it sees. */
function spy(seen: InterceptorCall[]): Interceptor {
  return (next) => (call) => {
    seen.push(call);
    return next(call);
  };
}

export const interceptorCases: readonly ConformanceCase[] = [
  {
    id: "interceptors/what-they-see",
    title: "an interceptor sees each call's method, kind, collection, headers, signal and deadline",
    async run(context) {
      const seen: InterceptorCall[] = [];
      const client = context.connect({ interceptors: [spy(seen)] });
      const docs = await filledCollection(context, pointsOnLine(1), { client });
      seen.length = 0;
      await docs.upsert(pointsOnLine(2));
      await docs.get("p0");
      await docs.search({ vector: [0, 0] });
      await docs.delete("p1");
      await docs.status();
      assert.deepEqual(
        seen.map(({ method }) => method),
        Object.keys(REMOTE_METHODS),
        "methods",
      );
      for (const call of seen) {
        assert.equal(call.kind, REMOTE_METHODS[call.method], `kind of ${call.method}`);
        assert.equal(call.collection, docs.name, `collection of ${call.method}`);
        assert.equal(call.service, "vectron.v1.VectronService", `service of ${call.method}`);
        assert.equal(call.headers["x-request-id"], call.requestId, `request id of ${call.method}`);
        assert.equal(call.headers.authorization, undefined, `token of ${call.method}`);
        assert.equal(call.signal.aborted, false, `whether ${call.method} was ended`);
        assert.ok(
          call.deadline > 0 && Number.isFinite(call.deadline),
          `deadline of ${call.method}: ${call.deadline}`,
        );
      }
      assert.equal(
        new Set(seen.map(({ requestId }) => requestId)).size,
        seen.length,
        "number of request ids",
      );
    },
  },
  {
    id: "interceptors/calls-without-collection",
    title: "a call that is about no collection says so",
    async run(context) {
      const seen: InterceptorCall[] = [];
      await context.connect({ interceptors: [spy(seen)] }).listCollections();
      assert.deepEqual(
        seen.map(({ method, collection }) => ({ method, collection })),
        [{ method: "ListCollections", collection: undefined }],
        "calls",
      );
    },
  },
  {
    id: "interceptors/streams",
    title: "an interceptor sees a stream as one call, and may work on its messages",
    needs: ["streaming"],
    async run(context) {
      const replies: InterceptorReply[] = [];
      const seen: InterceptorCall[] = [];
      const client = context.connect({
        interceptors: [
          spy(seen),
          (next) => async (call) => {
            const reply = await next(call);
            replies.push(reply);
            return reply;
          },
        ],
      });
      const docs = await filledCollection(context, pointsOnLine(1), { client });
      seen.length = 0;
      replies.length = 0;
      await collect(docs.searchStream({ vector: [0, 0] }));
      assert.deepEqual(
        seen.map(({ method, kind }) => ({ method, kind })),
        [{ method: "SearchStream", kind: "stream" }],
        "calls",
      );
      assert.deepEqual(
        replies.map(({ kind }) => kind),
        ["stream"],
        "kinds of reply",
      );
    },
  },
  {
    id: "interceptors/order",
    title: "the first interceptor is the outermost",
    async run(context) {
      const order: string[] = [];
      const named =
        (name: string): Interceptor =>
        (next) =>
        async (call) => {
          order.push(`${name} before`);
          const reply = await next(call);
          order.push(`${name} after`);
          return reply;
        };
      await context.connect({ interceptors: [named("first"), named("second")] }).listCollections();
      assert.deepEqual(order, ["first before", "second before", "second after", "first after"], "order");
    },
  },
  {
    id: "interceptors/headers-of-the-call",
    title:
      "an interceptor sees the headers of the call's options, in lower case, and those that others have added",
    async run(context) {
      const seen: InterceptorCall[] = [];
      const client = context.connect({
        interceptors: [
          (next) => (call) => {
            call.headers["x-added"] = "in place";
            return next(call);
          },
          (next) => (call) => next({ ...call, headers: { ...call.headers, "x-copied": "in a copy" } }),
          spy(seen),
        ],
      });
      await client.listCollections({ headers: { "X-Own": "of the call" } });
      const { "x-own": own, "x-added": added, "x-copied": copied } = seen[0]?.headers ?? {};
      assert.deepEqual(
        { own, added, copied },
        { own: "of the call", added: "in place", copied: "in a copy" },
        "headers",
      );
    },
  },
  {
    id: "interceptors/headers-are-sent",
    title: "headers that an interceptor adds reach the server",
    needs: ["auth"],
    async run(context) {
      // The one header whose arrival every server shows: without it the call is refused.
      const { apiKey } = context;
      const bearing: Interceptor = (next) => (call) =>
        next({ ...call, headers: { ...call.headers, authorization: `Bearer ${apiKey}` } });
      await context.connectWithoutKey({ interceptors: [bearing] }).listCollections();
    },
  },
  {
    id: "interceptors/own-reply",
    title: "an interceptor may answer itself, and nothing is sent",
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({
        observers: [recorder],
        interceptors: [() => async () => ({ kind: "unary", message: { collections: ["b", "a"] } })],
      });
      assert.deepEqual(await client.listCollections(), ["a", "b"], "names");
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "interceptors/own-failure",
    title: "what an interceptor throws reaches the caller as it is",
    async run(context) {
      const own = new RangeError("the interceptor's own");
      const client = context.connect({
        interceptors: [
          () => () => {
            throw own;
          },
        ],
      });
      const caught = await client.listCollections().catch((error: unknown) => error);
      assert.equal(caught, own, "what was caught");
    },
  },
  {
    id: "interceptors/again",
    title: "an interceptor may pass a call on twice",
    async run(context) {
      const client = context.connect({
        interceptors: [
          (next) => async (call) => {
            if (call.method === "Get") await next(call);
            return next(call);
          },
        ],
      });
      const docs = await emptyCollection(context, { client });
      await docs.upsert([{ id: "a", vector: [1, 2] }]);
      let attempts = 0;
      assert.equal(
        (await docs.get("a", { onResponse: (info) => (attempts = info.attempts.length) })).id,
        "a",
        "id",
      );
      assert.equal(attempts, 2, "attempts");
    },
  },
];

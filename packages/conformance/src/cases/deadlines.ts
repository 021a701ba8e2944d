import { type AbortSignalLike, DeadlineExceededError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { globals } from "../globals.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { everyCall } from "../support/every-call.ts";
import { emptyCollection, largeBatch } from "../support/fixtures.ts";
import { ended, HeldCalls } from "../support/held-calls.ts";

const OUT_OF_TIME = { code: "DEADLINE_EXCEEDED" } as const;

const heldCallCases: readonly ConformanceCase[] = Object.entries(everyCall).map(([method, call]) => ({
  id: `deadlines/held-${method}`,
  title: `${method} that is held back ends with its timeoutMs, and is not sent`,
  async run(context) {
    const held = new HeldCalls();
    const recorder = new CallRecorder();
    const client = context.connect({ interceptors: [held.interceptor], observers: [recorder] });
    await dropWhenHeld(held, (signal) => call(client, { signal }));
    await assert.rejects(call(client, { timeoutMs: 50 }), DeadlineExceededError, OUT_OF_TIME);
    assert.equal(held.calls.length, 2, "calls held back");
    assert.deepEqual(recorder.attempts, [], "attempts");
  },
}));

export const deadlineCases: readonly ConformanceCase[] = [
  ...heldCallCases,
  {
    id: "deadlines/abort-signal-timeout",
    title: "AbortSignal.timeout ends a call as a deadline does",
    async run(context) {
      const client = context.connect({ interceptors: [new HeldCalls().interceptor] });
      const signal = globals.AbortSignal.timeout(5);
      await assert.rejects(client.listCollections({ signal }), DeadlineExceededError, OUT_OF_TIME);
      await assert.rejects(client.listCollections({ signal }), DeadlineExceededError, OUT_OF_TIME);
    },
  },
  {
    id: "deadlines/client-default",
    title: "timeoutMs of the client holds for its calls, and a call's own replaces it",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor], timeoutMs: 5 });
      await assert.rejects(client.get("docs", "a"), DeadlineExceededError, OUT_OF_TIME);
      const before = Date.now();
      const call = client.get("docs", "a", { timeoutMs: 3_600_000 });
      const after = Date.now();
      const deadline = held.calls[1]?.deadline ?? 0;
      assert.ok(
        deadline >= before + 3_600_000 && deadline <= after + 3_600_000,
        `deadline is ${deadline - before} ms away`,
      );
      await client.close();
      await call.catch(() => undefined);
    },
  },
  {
    id: "deadlines/ten-seconds",
    title: "a call that says nothing has 10 s",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const before = Date.now();
      const call = client.get("docs", "a");
      const after = Date.now();
      const deadline = held.calls[0]?.deadline ?? 0;
      assert.ok(
        deadline >= before + 10_000 && deadline <= after + 10_000,
        `deadline is ${deadline - before} ms away`,
      );
      await client.close();
      await call.catch(() => undefined);
    },
  },
  {
    id: "deadlines/tells-interceptors",
    title: "an interceptor is told through its signal that the call is out of time",
    async run(context) {
      const held = new HeldCalls();
      const client = context.connect({ interceptors: [held.interceptor] });
      const call = assert.rejects(
        client.listCollections({ timeoutMs: 100 }),
        DeadlineExceededError,
        OUT_OF_TIME,
      );
      await held.arrived(1);
      await Promise.all(held.calls.map(ended));
      await call;
    },
  },
  {
    id: "deadlines/late-interceptor",
    title: "a call that an interceptor passes on after its deadline is not sent",
    async run(context) {
      const recorder = new CallRecorder();
      let passedOn: Promise<unknown> | undefined;
      const client = context.connect({
        observers: [recorder],
        interceptors: [
          (next) => (call) => {
            passedOn = ended(call).then(() => next(call));
            return passedOn as ReturnType<typeof next>;
          },
        ],
      });
      await assert.rejects(client.listCollections({ timeoutMs: 100 }), DeadlineExceededError, OUT_OF_TIME);
      await passedOn?.catch(() => undefined);
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "deadlines/token-in-time",
    title: "the time that a token takes counts, and its provider is told when nobody waits any more",
    needs: ["auth"],
    async run(context) {
      // What asks a provider may be loaded on demand, which would take all of the time below.
      await context.connect({ auth: () => context.apiKey ?? "" }).listCollections();
      const recorder = new CallRecorder();
      let stopped: (() => void) | undefined;
      const abandoned = new Promise<void>((resolve) => {
        stopped = resolve;
      });
      const client = context.connect({
        observers: [recorder],
        auth: ({ signal }) => {
          signal.addEventListener("abort", () => stopped?.());
          return new Promise(() => undefined);
        },
      });
      await assert.rejects(client.listCollections({ timeoutMs: 100 }), DeadlineExceededError, OUT_OF_TIME);
      await abandoned;
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "deadlines/under-way",
    title: "a call that is under way ends with its timeoutMs, and the client works on",
    needs: ["remote"],
    run: (context) => endsUnderWay(context, () => ({ timeoutMs: 1 })),
  },
  {
    id: "deadlines/under-way-by-signal",
    title: "a call that is under way ends with its AbortSignal.timeout, and the client works on",
    needs: ["remote"],
    run: (context) => endsUnderWay(context, () => ({ signal: globals.AbortSignal.timeout(1) })),
  },
];

/** Makes a call and drops it when it is held. From then on its code is there, if that is loaded on demand. */
async function dropWhenHeld(
  held: HeldCalls,
  call: (signal: AbortSignalLike) => Promise<unknown>,
): Promise<void> {
  const controller = new globals.AbortController();
  const dropped = call(controller.signal).catch(() => undefined);
  await held.arrived(1);
  controller.abort();
  await dropped;
}

async function endsUnderWay(context: CaseContext, options: () => object): Promise<void> {
  const { points, dimension } = largeBatch();
  const client = context.connect();
  const docs = await emptyCollection(context, { client, dimension });
  const error = await assert.rejects(docs.upsert(points, options()), DeadlineExceededError, OUT_OF_TIME);
  assert.equal(error.collection, docs.name, "the error's collection");
  assert.equal((await docs.status()).dimension, dimension, "dimension, asked of the same client");
}

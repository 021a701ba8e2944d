import { AuthenticationError, CancelledError, type VectronClient } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { globals } from "../globals.ts";
import { CallRecorder } from "../support/call-recorder.ts";
import { everyCall } from "../support/every-call.ts";
import { times } from "../support/fixtures.ts";

const NEEDS = ["auth"] as const;
const WRONG_KEY = "wrong-key-of-the-case";
const UNAUTHENTICATED = { code: "UNAUTHENTICATED" } as const;

const keyCases = Object.entries(everyCall).flatMap(([method, call]): ConformanceCase[] => [
  {
    id: `auth/wrong-key-${method}`,
    title: `${method} with a wrong key is refused, and no text repeats the key`,
    needs: method === "searchStream" ? ["auth", "streaming", "stream-auth"] : NEEDS,
    async run(context) {
      const error = await assert.rejects(
        call(context.connect({ apiKey: WRONG_KEY })),
        AuthenticationError,
        UNAUTHENTICATED,
      );
      const texts = [error.message, String(error.stack), JSON.stringify(error), String(error.cause)].join(
        "\n",
      );
      assert.ok(!texts.includes(WRONG_KEY), `the error repeats the key: ${texts}`);
      assert.equal(error.retryable, false, "retryable");
    },
  },
  {
    id: `auth/no-key-${method}`,
    title: `${method} without a key is refused`,
    needs: method === "searchStream" ? ["auth", "streaming", "stream-auth"] : NEEDS,
    async run(context) {
      await assert.rejects(call(context.connectWithoutKey()), AuthenticationError, UNAUTHENTICATED);
    },
  },
]);

export const authCases: readonly ConformanceCase[] = [
  ...keyCases,
  {
    id: "auth/refused-before-checked",
    title: "a refused caller learns nothing of what exists",
    needs: NEEDS,
    async run(context) {
      const client = context.connect({ apiKey: WRONG_KEY });
      await assert.rejects(
        client.getCollectionStatus(context.collectionName()),
        AuthenticationError,
        UNAUTHENTICATED,
      );
    },
  },
  {
    id: "auth/constant",
    title: "`auth` takes a constant as `apiKey` does",
    needs: NEEDS,
    async run(context) {
      assert.ok(
        Array.isArray(await context.connect({ auth: keyOf(context) }).listCollections()),
        "no list came back",
      );
    },
  },
  {
    id: "auth/provider",
    title: "a provider is asked once for many calls, one after another",
    needs: NEEDS,
    async run(context) {
      let asked = 0;
      const client = context.connect({
        auth: async () => {
          asked += 1;
          return keyOf(context);
        },
      });
      for (let turn = 0; turn < 5; turn++) await client.listCollections();
      assert.equal(asked, 1, "times that the provider was asked");
    },
  },
  {
    id: "auth/provider-for-calls-at-once",
    title: "a provider is asked once for many calls at once",
    needs: ["auth", "shared-tokens"],
    async run(context) {
      let asked = 0;
      const client = context.connect({
        auth: async () => {
          asked += 1;
          return { token: keyOf(context), expiresAtMs: Date.now() + 3_600_000 };
        },
      });
      await Promise.all(times(20, () => client.listCollections()));
      assert.equal(asked, 1, "times that the provider was asked");
    },
  },
  {
    id: "auth/expired-token",
    title: "a token that has expired is asked for again",
    needs: NEEDS,
    async run(context) {
      let asked = 0;
      const client = context.connect({
        auth: () => {
          asked += 1;
          return { token: keyOf(context), expiresAtMs: Date.now() - 1 };
        },
      });
      await client.listCollections();
      await client.listCollections();
      assert.equal(asked, 2, "times that the provider was asked");
    },
  },
  {
    id: "auth/refused-token-is-renewed",
    title: "a token that the server refuses is renewed once, within the same call",
    needs: NEEDS,
    async run(context) {
      const refusals: (string | undefined)[] = [];
      const client = context.connect({
        auth: ({ refused }) => {
          refusals.push(refused);
          return refused === undefined ? WRONG_KEY : keyOf(context);
        },
      });
      assert.ok(Array.isArray(await client.listCollections()), "no list came back");
      assert.deepEqual(refusals, [undefined, WRONG_KEY], "what the provider was told");
    },
  },
  {
    id: "auth/refused-twice",
    title: "a token that is refused again ends the call",
    needs: NEEDS,
    async run(context) {
      let asked = 0;
      const client = context.connect({ auth: () => `${WRONG_KEY}-${++asked}` });
      await assert.rejects(client.listCollections(), AuthenticationError, UNAUTHENTICATED);
      assert.equal(asked, 2, "times that the provider was asked");
    },
  },
  {
    id: "auth/failing-provider",
    title: "a provider that fails is an AuthenticationError with its cause, and the next call asks again",
    needs: NEEDS,
    async run(context) {
      const recorder = new CallRecorder();
      const own = new Error("the key store is locked");
      let asked = 0;
      const client = context.connect({
        observers: [recorder],
        auth: () => {
          asked += 1;
          if (asked === 1) throw own;
          return keyOf(context);
        },
      });
      const error = await assert.rejects(client.listCollections(), AuthenticationError, {
        ...UNAUTHENTICATED,
        messageIncludes: ["the key store is locked"],
      });
      assert.equal(error.cause, own, "cause");
      assert.deepEqual(recorder.attempts, [], "attempts");
      assert.ok(Array.isArray(await client.listCollections()), "no list came back the second time");
    },
  },
  {
    id: "auth/bad-token",
    title: "a provider that returns no usable token is an AuthenticationError, and nothing is sent",
    needs: NEEDS,
    async run(context) {
      const recorder = new CallRecorder();
      for (const token of ["", "a b", "line\nbreak", "Bearer abc", undefined, 42]) {
        const client = context.connect({ observers: [recorder], auth: () => token as string });
        await assert.rejects(client.listCollections(), AuthenticationError, UNAUTHENTICATED);
      }
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  },
  {
    id: "auth/aborted-while-waiting",
    title:
      "a call that is aborted while it waits for a token sends nothing, and leaves the token to the others",
    needs: ["auth", "shared-tokens"],
    run: abortedWhileWaiting,
  },
];

async function abortedWhileWaiting(context: CaseContext): Promise<void> {
  const recorder = new CallRecorder();
  let hand: ((token: string) => void) | undefined;
  const token = new Promise<string>((resolve) => {
    hand = resolve;
  });
  const client: VectronClient = context.connect({ observers: [recorder], auth: () => token });
  const controller = new globals.AbortController();
  const aborted = assert.rejects(client.listCollections({ signal: controller.signal }), CancelledError);
  const other = client.listCollections();
  controller.abort();
  await aborted;
  hand?.(keyOf(context));
  assert.ok(Array.isArray(await other), "no list came back");
  assert.deepEqual(
    recorder.attempts.map(({ requestId }) => requestId),
    [recorder.calls.at(-1)?.requestId],
    "calls that were sent",
  );
}

function keyOf({ apiKey }: CaseContext): string {
  assert.ok(apiKey !== undefined, "a target with the capability auth must have an apiKey");
  return apiKey;
}

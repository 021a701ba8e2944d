import { AuthClient, type ClientOptions, VectronClient } from "@vectron/core";
import { fail, hang, type Script, ScriptedTransport, VirtualClock } from "@vectron/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BackEnd, startBackEnd } from "../src/back-end.ts";
import { allMethods } from "../src/methods/all-methods.ts";

const TIMEOUT_MS = 1_234;

/** What hangs, and how many attempts there are by then. */
const HANGS: readonly {
  readonly what: string;
  readonly script: Script;
  readonly options?: Partial<ClientOptions>;
  readonly attempts: number;
}[] = [
  { what: "the first attempt", script: () => hang(), attempts: 1 },
  {
    what: "a transport that does not heed the abort",
    script: () => hang({ ignoreAbort: true }),
    attempts: 1,
  },
  {
    what: "the second attempt",
    script: ({ number }) =>
      number === 1 ? fail("UNAVAILABLE", { requestSent: "no", afterMs: 100 }) : hang(),
    attempts: 2,
  },
  {
    what: "an interceptor",
    script: {},
    options: { interceptors: [() => () => new Promise(() => {})] },
    attempts: 0,
  },
  { what: "the token provider", script: {}, options: { auth: () => new Promise(() => {}) }, attempts: 0 },
];

let backEnd: BackEnd;

beforeAll(async () => {
  backEnd = await startBackEnd();
});

afterAll(() => backEnd.close());

let calls = 0;

describe.each(HANGS)(
  "where $what hangs, a call ends at its deadline exactly:",
  ({ what, script, options, attempts }) => {
    // What carries no token does not wait for one.
    const methods = allMethods.filter(({ anonymous }) => !(anonymous && what === "the token provider"));

    test.each(methods)("$name", async (method) => {
      calls += 1;
      const act = await method.arrange(backEnd.direct, `hang-${calls}`);
      const clock = new VirtualClock();
      const transport = new ScriptedTransport(script, { runtime: clock });
      const auth = new AuthClient(
        transport,
        { apiKey: "token", ...options, ...(options?.auth && { apiKey: undefined }) },
        clock,
      );
      const vectron = new VectronClient(transport, options, clock);
      const start = clock.now();
      const end = await clock.run(
        act.call({ vectron, auth, close: () => vectron.close() }, { timeoutMs: TIMEOUT_MS }).then(
          () => "ok",
          (error: Error) => error.name,
        ),
      );
      expect([end, clock.now() - start]).toEqual(["DeadlineExceededError", TIMEOUT_MS]);
      expect(transport.calls).toHaveLength(attempts);
    });
  },
);

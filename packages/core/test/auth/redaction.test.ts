import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { redactCause, redactText } from "../../src/auth/redact.ts";
import {
  type CallObserver,
  InternalServerError,
  type LogFields,
  type Logger,
  VectronError,
} from "../../src/index.ts";
import { fail, hang, reply, type Script, stream } from "../../src/testing/index.ts";
import { bench, collect, QUERY, rejection } from "../support.ts";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.s3cret";

/** A platform error that repeats the token wherever one can. */
function talkative(): Error {
  const root = new Error(`401 for Bearer ${TOKEN}`);
  const middle = Object.assign(new TypeError("fetch failed", { cause: root }), { details: `sent ${TOKEN}` });
  return new Error("outer", { cause: middle });
}

const SAYS_IT = {
  message: `invalid token ${TOKEN}: rejected ${TOKEN}`,
  metadata: {
    "www-authenticate": `Bearer ${TOKEN}`,
    authorization: `Bearer ${TOKEN}`,
    "set-cookie": "session=1",
  },
};

/** Everything that a user may print of a failed call. */
function printed(error: unknown, seen: readonly unknown[]): string {
  const views = [error, ...seen].flatMap((value) => [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
  ]);
  const stack = error instanceof Error ? error.stack : "";
  return [...views, stack].join("\n");
}

const FAULTS: readonly [string, Script, { timeoutMs?: number; hedge?: boolean }][] = [
  ["refused", () => fail("UNAUTHENTICATED", { ...SAYS_IT, cause: talkative() }), {}],
  ["unavailable", () => fail("UNAVAILABLE", { ...SAYS_IT, cause: talkative() }), {}],
  [
    "unavailable, hedged",
    () => fail("UNAVAILABLE", { ...SAYS_IT, cause: talkative(), afterMs: 80 }),
    { hedge: true },
  ],
  [
    "out of time",
    ({ number }) => (number === 1 ? fail("UNAVAILABLE", { ...SAYS_IT, cause: talkative() }) : hang()),
    { timeoutMs: 500 },
  ],
  [
    "not ready",
    ({ number }) =>
      number === 1
        ? fail("UNAVAILABLE", { message: `shard 3 not ready for ${TOKEN}`, cause: talkative() })
        : hang(),
    { timeoutMs: 500 },
  ],
  [
    "not found",
    () => fail("INTERNAL", { message: `code = NotFound desc = collection '${TOKEN}' not found` }),
    {},
  ],
  ["crashed", () => ({ kind: "crash", error: talkative(), options: {} }), {}],
  [
    "cut",
    () => stream([{ results: [] }], { end: fail("UNAVAILABLE", { ...SAYS_IT, cause: talkative() }) }),
    {},
  ],
];

describe("the token", () => {
  it.each(FAULTS)("is in nothing that a failed call leaves behind: %s", async (what, script, options) => {
    const logged: unknown[] = [];
    const log = (message: string, fields?: LogFields) => void logged.push(message, fields);
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const observed: unknown[] = [];
    const note = (...args: unknown[]) => void observed.push(...args);
    const observer: CallObserver = {
      callStarted: note,
      attemptStarted: note,
      attemptEnded: note,
      callEnded: note,
    };
    for (const auth of [TOKEN, () => TOKEN]) {
      const { clock, client, transport } = bench(script, { auth, logger, observers: [observer], ...options });
      const work =
        what === "cut" ? collect(client.searchStream("docs", QUERY)) : client.search("docs", QUERY);
      const error = await clock.run(work.catch((reason: unknown) => reason));
      expect(error).toBeInstanceOf(VectronError);
      expect(observed.length).toBeGreaterThan(3);
      const text = printed(error, [...logged, ...observed, client, transport.calls]);
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain("session=1");
      expect(text).toContain("[token]");
    }
  });

  it("is not in what a client that holds one prints as", async () => {
    const { client } = bench(() => reply(), { apiKey: TOKEN });
    await client.search("docs", QUERY);
    const { client: provided } = bench(() => reply(), { auth: () => ({ token: TOKEN, expiresAtMs: 1e15 }) });
    await provided.search("docs", QUERY);
    for (const value of [client, provided, client.collection("docs")]) {
      expect(inspect(value, { depth: 20, showHidden: true })).not.toContain(TOKEN);
      expect(JSON.stringify(value)).not.toContain(TOKEN);
    }
  });
});

describe("redaction", () => {
  it("keeps an error that does not hold the token, and its whole chain, as it is", () => {
    const cause = new Error("outer", { cause: new TypeError("inner") });
    expect(redactCause(cause, TOKEN)).toBe(cause);
    expect(redactCause(talkative(), undefined)).toBeInstanceOf(Error);
    expect(redactCause({ code: 14 }, TOKEN)).toEqual({ code: 14 });
    expect(redactCause(`sent ${TOKEN}`, TOKEN)).toBe("sent [token]");
  });

  it("keeps names, texts and depth of the errors that it has to replace", () => {
    const outer = redactCause(talkative(), TOKEN) as Error;
    expect(outer).toMatchObject({ name: "Error", message: "outer" });
    expect(outer.cause).toMatchObject({ name: "TypeError", message: "fetch failed" });
    expect((outer.cause as Error).cause).toMatchObject({ name: "Error", message: "401 for Bearer [token]" });
  });

  it.each([
    ["in what it was sent with", { config: { headers: { authorization: `Bearer ${TOKEN}` } } }],
    ["in one of several errors", { errors: [new Error(`401 for ${TOKEN}`)] }],
  ])("replaces an error that holds the token %s", (_where, held) => {
    const error = Object.assign(new TypeError("failed"), held);
    const likeness = redactCause(error, TOKEN);
    expect(likeness).toMatchObject({ name: "TypeError", message: "failed" });
    expect(inspect(likeness, { depth: 20 })).not.toContain(TOKEN);
    expect(redactCause(error, "another")).toBe(error);
  });

  it("ends a chain of causes that leads back to its beginning", async () => {
    const error = new Error("outer", { cause: new Error(`sent ${TOKEN}`) });
    (error.cause as Error).cause = error;
    const { client } = bench([fail("INTERNAL", { cause: error })], { apiKey: TOKEN });
    const { cause } = await rejection(InternalServerError, client.search("docs", QUERY));
    expect(cause).toMatchObject({ message: "outer", cause: { message: "sent [token]" } });
    expect(((cause as Error).cause as Error).cause).toBeUndefined();
    expect(inspect(cause, { depth: 20 })).not.toContain(TOKEN);
  });

  it("replaces every occurrence", () => {
    expect(redactText("a.b.a.b", "a.b")).toBe("[token].[token]");
    expect(redactText("a.b", undefined)).toBe("a.b");
    expect(redactText("a.b.c", "a", undefined, "", "c")).toBe("[token].b.[token]");
  });

  it("does not change what a failure means, however common the token's word is", async () => {
    const { client } = bench(
      [fail("INTERNAL", { message: "rpc error: code = NotFound desc = collection 'x' not found" })],
      {
        apiKey: "collection",
      },
    );
    await expect(client.search("docs", QUERY)).rejects.toMatchObject({ name: "NotFoundError" });
  });
});

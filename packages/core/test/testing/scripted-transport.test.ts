import { describe, expect, it } from "vitest";
import type { GetRequest, SearchRequest, SearchResponse } from "../../src/gen/vectron/v1/messages.ts";
import { vectronService } from "../../src/gen/vectron/v1/methods.ts";
import {
  type MethodDescriptor,
  type TransportCall,
  TransportFailure,
  VectronClient,
} from "../../src/index.ts";
import {
  crash,
  fail,
  hang,
  pass,
  reply,
  ScriptedTransport,
  stream,
  VirtualClock,
} from "../../src/testing/index.ts";

function callOf<I, O>(
  method: MethodDescriptor<I, O>,
  message: I,
  overrides: Partial<TransportCall<I, O>> = {},
): TransportCall<I, O> {
  return {
    method,
    message,
    deadline: 60_000,
    signal: new AbortController().signal,
    headers: {},
    ...overrides,
  };
}

const SEARCH: SearchRequest = {
  collection: "docs",
  vector: new Float32Array([1]),
  topK: 10,
  query: "",
  timeoutMs: 0,
  includeVectors: false,
  includeMetadata: true,
};

const hit = (id: string): SearchResponse => ({
  results: [{ id, score: 0, payload: {}, vector: new Float32Array() }],
});

async function failureOf(work: Promise<unknown>): Promise<TransportFailure> {
  const reason = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(TransportFailure);
  return reason as TransportFailure;
}

describe("a script of steps by method", () => {
  it("hands each method its own steps, in order", async () => {
    const transport = new ScriptedTransport({
      get: [reply({ point: undefined })],
      search: [fail("UNAVAILABLE"), reply(hit("a"))],
    });
    const failure = await failureOf(transport.unary(callOf(vectronService.search, SEARCH)));
    expect(failure.code).toBe("UNAVAILABLE");
    expect(
      (await transport.unary(callOf(vectronService.get, { collection: "docs", id: "x" }))).message,
    ).toEqual({
      point: undefined,
    });
    expect((await transport.unary(callOf(vectronService.search, SEARCH))).message).toEqual(hit("a"));
    expect(transport.unusedSteps).toEqual([]);
  });

  it("makes a reply from the request", async () => {
    const transport = new ScriptedTransport({
      get: [reply(({ id }: GetRequest) => ({ point: { id, vector: new Float32Array(2), payload: {} } }))],
    });
    const { message } = await transport.unary(callOf(vectronService.get, { collection: "docs", id: "me" }));
    expect(message.point?.id).toBe("me");
  });

  it("tells which steps no attempt has reached", async () => {
    const late = reply(hit("b"));
    const transport = new ScriptedTransport({ search: [reply(hit("a")), late], delete: [reply()] });
    await transport.unary(callOf(vectronService.search, SEARCH));
    expect(transport.unusedSteps).toEqual([
      { method: "search", index: 1, step: late },
      { method: "delete", index: 0, step: reply() },
    ]);
  });

  it("refuses a method that does not exist", () => {
    const script = { serach: [reply()] } as unknown as Record<string, never>;
    expect(() => new ScriptedTransport(script)).toThrow('a method that does not exist: "serach"');
  });

  it("says so when it has no step left", async () => {
    const transport = new ScriptedTransport({ get: [] });
    const attempt = transport.unary(callOf(vectronService.get, { collection: "docs", id: "x" }));
    await expect(attempt).rejects.toThrow("the script has no step left for get (attempt 1)");
  });
});

describe("the other forms of a script", () => {
  it("takes one list for all methods", async () => {
    const transport = new ScriptedTransport([reply(), fail("NOT_FOUND"), reply()]);
    await transport.unary(callOf(vectronService.search, SEARCH));
    await failureOf(transport.unary(callOf(vectronService.get, { collection: "docs", id: "x" })));
    expect(transport.unusedSteps).toEqual([{ method: undefined, index: 2, step: reply() }]);
  });

  it("asks a function at each attempt", async () => {
    const transport = new ScriptedTransport(({ number }) =>
      number === 1 ? fail("ABORTED") : reply(hit("a")),
    );
    expect((await failureOf(transport.unary(callOf(vectronService.search, SEARCH)))).code).toBe("ABORTED");
    expect((await transport.unary(callOf(vectronService.search, SEARCH))).message).toEqual(hit("a"));
  });

  it("falls back on `otherwise`", async () => {
    const transport = new ScriptedTransport({}, { otherwise: reply(hit("a")) });
    expect((await transport.unary(callOf(vectronService.search, SEARCH))).message).toEqual(hit("a"));
  });
});

describe("steps", () => {
  it("reply() without a message is a plain success of every method of the client", async () => {
    const clock = new VirtualClock();
    const transport = new ScriptedTransport({}, { otherwise: reply(), runtime: clock });
    const client = new VectronClient(transport, {}, clock);
    await client.createCollection({ name: "docs", dimension: 1 });
    await client.ensureCollection({ name: "docs", dimension: 1 });
    expect(await client.listCollections()).toEqual([]);
    expect(await client.upsert("docs", [{ id: "a", vector: [1] }])).toBe(1);
    expect(await client.search("docs", { vector: [1] })).toEqual([]);
    expect((await client.get("docs", "a")).id).toBe("a");
    await client.delete("docs", "a");
    const snapshots: unknown[] = [];
    for await (const snapshot of client.searchStream("docs", { vector: [1] })) snapshots.push(snapshot);
    expect(snapshots).toEqual([[]]);
    const feedback = { collection: "docs", items: [{ resultId: "a", relevanceScore: 5 }] };
    expect(await client.submitFeedback(feedback)).toBe("feedback-1");
    expect((await client.updateUserProfile({ plan: "paid" })).plan).toBe("paid");
    await client.deleteCollection("docs");
  });

  it("fails with everything that it was given", async () => {
    const cause = new Error("ECONNRESET");
    const transport = new ScriptedTransport([
      fail("UNAVAILABLE", { message: "gone", metadata: { "retry-after": "1" }, requestSent: "no", cause }),
    ]);
    const failure = await failureOf(transport.unary(callOf(vectronService.search, SEARCH)));
    expect(failure).toMatchObject({
      code: "UNAVAILABLE",
      message: "gone",
      metadata: { "retry-after": "1" },
      requestSent: "no",
      cause,
    });
  });

  it("takes its time", async () => {
    const clock = new VirtualClock({ startMs: 0 });
    const transport = new ScriptedTransport([reply(hit("a"), { afterMs: 20 })], { runtime: clock });
    await clock.run(transport.unary(callOf(vectronService.search, SEARCH)));
    expect(clock.now()).toBe(20);
    expect(transport.calls[0]).toMatchObject({ startedAtMs: 0, endedAtMs: 20, outcome: "replied" });
  });

  it("hangs until it is aborted", async () => {
    const clock = new VirtualClock();
    const transport = new ScriptedTransport([hang()], { runtime: clock });
    const controller = new AbortController();
    const attempt = transport.unary(callOf(vectronService.search, SEARCH, { signal: controller.signal }));
    expect(transport.calls[0]?.outcome).toBe("open");
    controller.abort();
    expect((await failureOf(attempt)).code).toBe("CANCELLED");
    expect(transport.calls[0]).toMatchObject({ outcome: "aborted", aborted: true });
  });

  it("does nothing for an attempt that comes aborted", async () => {
    const clock = new VirtualClock();
    const transport = new ScriptedTransport([reply(hit("a"), { afterMs: 5 })], { runtime: clock });
    const attempt = transport.unary(callOf(vectronService.search, SEARCH, { signal: AbortSignal.abort() }));
    expect((await failureOf(attempt)).code).toBe("CANCELLED");
    expect(clock.pendingTimers).toBe(0);
  });

  it("goes on in spite of an abort when told to", async () => {
    const clock = new VirtualClock();
    const transport = new ScriptedTransport([reply(hit("a"), { afterMs: 5, ignoreAbort: true })], {
      runtime: clock,
    });
    const controller = new AbortController();
    const attempt = transport.unary(callOf(vectronService.search, SEARCH, { signal: controller.signal }));
    controller.abort();
    expect((await clock.run(attempt)).message).toEqual(hit("a"));
    expect(transport.calls[0]).toMatchObject({ outcome: "replied", aborted: true });
  });

  it("crashes with whatever it was given", async () => {
    const transport = new ScriptedTransport([crash("a string")]);
    await expect(transport.unary(callOf(vectronService.search, SEARCH))).rejects.toBe("a string");
  });

  it("refuses to stream to a unary call", async () => {
    const transport = new ScriptedTransport([stream([{ results: [] }])]);
    await expect(transport.unary(callOf(vectronService.search, SEARCH))).rejects.toThrow(
      "Search is not a stream",
    );
  });

  it("leaves no timer or listener behind", async () => {
    const clock = new VirtualClock();
    const transport = new ScriptedTransport(() => reply(hit("a"), { afterMs: 5 }), { runtime: clock });
    const listeners = { now: 0 };
    const { signal } = new AbortController();
    const counted = {
      aborted: false,
      addEventListener: () => void listeners.now++,
      removeEventListener: () => void listeners.now--,
    };
    await clock.run(transport.unary(callOf(vectronService.search, SEARCH, { signal: counted })));
    await clock.run(transport.unary(callOf(vectronService.search, SEARCH, { signal })));
    expect(listeners.now).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("streams", () => {
  const open = (transport: ScriptedTransport, signal?: AbortSignal) =>
    transport.serverStream(callOf(vectronService.searchStream, SEARCH, signal && { signal }));

  it("bring their messages at their times", async () => {
    const clock = new VirtualClock({ startMs: 0 });
    const script = [stream([hit("a"), hit("b"), hit("c")], { afterMs: 10, everyMs: 5 })];
    const transport = new ScriptedTransport({ searchStream: script }, { runtime: clock });
    const seen: [string | undefined, number][] = [];
    const read = async () => {
      for await (const { results } of open(transport)) seen.push([results[0]?.id, clock.now()]);
    };
    await clock.run(read());
    expect(seen).toEqual([
      ["a", 10],
      ["b", 15],
      ["c", 20],
    ]);
    expect(transport.calls[0]?.outcome).toBe("replied");
  });

  it("are cut after their messages", async () => {
    const transport = new ScriptedTransport({
      searchStream: [stream([hit("a")], { end: fail("UNAVAILABLE") })],
    });
    const messages = open(transport)[Symbol.asyncIterator]();
    expect((await messages.next()).value).toEqual(hit("a"));
    expect((await failureOf(messages.next())).code).toBe("UNAVAILABLE");
    expect(transport.calls[0]?.outcome).toBe("failed");
  });

  it("stay open after their messages until they are aborted", async () => {
    const controller = new AbortController();
    const transport = new ScriptedTransport({ searchStream: [stream([hit("a")], { end: hang() })] });
    const messages = open(transport, controller.signal)[Symbol.asyncIterator]();
    await messages.next();
    const next = failureOf(messages.next());
    controller.abort();
    expect((await next).code).toBe("CANCELLED");
    expect(transport.calls[0]?.outcome).toBe("aborted");
  });

  it("note a reader who stops early", async () => {
    const transport = new ScriptedTransport({ searchStream: [stream([hit("a"), hit("b")])] });
    for await (const _ of open(transport)) break;
    expect(transport.calls[0]).toMatchObject({ outcome: "left", aborted: false });
  });

  it("begin when they are read", async () => {
    const transport = new ScriptedTransport({ searchStream: [stream([hit("a")])] });
    open(transport);
    expect(transport.calls).toEqual([]);
  });

  it("fail and crash before their first message", async () => {
    const transport = new ScriptedTransport([fail("UNAVAILABLE"), crash(new RangeError("no"))]);
    const first = open(transport)[Symbol.asyncIterator]();
    expect((await failureOf(first.next())).code).toBe("UNAVAILABLE");
    const second = open(transport)[Symbol.asyncIterator]();
    await expect(second.next()).rejects.toThrow(RangeError);
  });
});

describe("a transport behind", () => {
  it("gets the attempts that are passed, and its capabilities are claimed", async () => {
    const behind = new ScriptedTransport([reply(hit("real"))], {
      capabilities: { name: "real", maxSendBytes: 7 },
    });
    const transport = new ScriptedTransport([fail("UNAVAILABLE"), pass()], { behind });
    expect(transport.capabilities).toMatchObject({ name: "real", maxSendBytes: 7 });
    await failureOf(transport.unary(callOf(vectronService.search, SEARCH)));
    expect(behind.calls).toEqual([]);
    expect((await transport.unary(callOf(vectronService.search, SEARCH))).message).toEqual(hit("real"));
    await transport.close();
    expect(behind.closeCount).toBe(1);
  });

  it("has its answer lost on the way", async () => {
    const behind = new ScriptedTransport([reply(), stream([hit("a")])]);
    const transport = new ScriptedTransport(() => pass({ lost: fail("UNAVAILABLE") }), { behind });
    const failure = await failureOf(transport.unary(callOf(vectronService.createCollection, CREATE)));
    expect(failure.code).toBe("UNAVAILABLE");
    expect(behind.calls[0]?.outcome).toBe("replied");

    const messages = transport
      .serverStream(callOf(vectronService.searchStream, SEARCH))
      [Symbol.asyncIterator]();
    expect((await messages.next()).value).toEqual(hit("a"));
    await failureOf(messages.next());
  });

  it("is missed when there is none", async () => {
    const transport = new ScriptedTransport([pass()]);
    await expect(transport.unary(callOf(vectronService.search, SEARCH))).rejects.toThrow("needs a transport");
  });
});

const CREATE = { name: "docs", dimension: 1, distance: "cosine" };

describe("the record", () => {
  it("holds what the transport was asked, without the token", async () => {
    const transport = new ScriptedTransport([reply()]);
    const headers = { authorization: "Bearer s3cret-token", "x-request-id": "r1" };
    await transport.unary(callOf(vectronService.createCollection, CREATE, { headers, deadline: 123 }));
    expect(transport.calls[0]).toMatchObject({
      number: 1,
      method: "createCollection",
      message: CREATE,
      deadline: 123,
      headers: { authorization: "Bearer [token]", "x-request-id": "r1" },
      aborted: false,
    });
    expect(JSON.stringify(transport.calls)).not.toContain("s3cret");
  });

  it("keeps the token when told to", async () => {
    const transport = new ScriptedTransport([reply()], { keepToken: true });
    const headers = { authorization: "Bearer s3cret-token" };
    await transport.unary(callOf(vectronService.createCollection, CREATE, { headers }));
    expect(transport.calls[0]?.headers.authorization).toBe("Bearer s3cret-token");
  });

  it("counts how often the transport was closed", async () => {
    const transport = new ScriptedTransport([]);
    await transport.close();
    await transport.close();
    expect(transport.closeCount).toBe(2);
  });
});

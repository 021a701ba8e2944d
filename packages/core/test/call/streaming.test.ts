import { describe, expect, it } from "vitest";
import {
  AuthenticationError,
  type CallObserver,
  type CallResult,
  CancelledError,
  DeadlineExceededError,
  type Interceptor,
  InvalidArgumentError,
  type ResponseInfo,
  UnavailableError,
} from "../../src/index.ts";
import { crash, fail, hang, reply, stream } from "../../src/testing/index.ts";
import { type Bench, bench, collect, QUERY, rejection } from "../support.ts";

const snapshot = (...ids: string[]) => ({
  results: ids.map((id) => ({ id, score: 0, payload: {}, vector: new Float32Array() })),
});

describe("a stream", () => {
  it("brings each message, and the last as the final one", async () => {
    const { client } = bench({ searchStream: [stream([snapshot("a"), snapshot("a", "b")])] });
    const seen = await collect(client.searchStream("docs", QUERY));
    expect(seen.map((results) => results.map(({ id }) => id))).toEqual([["a"], ["a", "b"]]);
  });

  it("can be empty", async () => {
    const { client } = bench({ searchStream: [stream([])] });
    expect(await collect(client.searchStream("docs", QUERY))).toEqual([]);
  });

  it("sends nothing until it is read", async () => {
    const { client, clock, transport } = bench({ searchStream: [stream([])] });
    client.searchStream("docs", QUERY);
    await clock.advance(1_000);
    expect(transport.calls).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("refuses bad arguments when it is read, and sends nothing", async () => {
    const { client, transport } = bench([]);
    await rejection(InvalidArgumentError, collect(client.searchStream("", QUERY)));
    await rejection(InvalidArgumentError, collect(client.searchStream("docs", { vector: [] })));
    expect(transport.calls).toEqual([]);
  });

  it("tells of its attempts and warnings at its end", async () => {
    const infos: ResponseInfo[] = [];
    const { clock, client } = bench({
      searchStream: [fail("UNAVAILABLE"), stream([snapshot("a"), snapshot("b")])],
    });
    const query = { ...QUERY, workerTimeoutMs: 50 };
    await clock.run(collect(client.searchStream("docs", query, { onResponse: (info) => infos.push(info) })));
    expect(infos).toHaveLength(1);
    expect(infos[0]?.attempts.map(({ code }) => code)).toEqual(["UNAVAILABLE", "OK"]);
    expect(infos[0]?.warnings).toEqual([expect.stringContaining("results may be partial")]);
  });
});

describe("failures of a stream", () => {
  it("before the first message are retried", async () => {
    const { clock, client, transport } = bench({
      searchStream: [fail("UNAVAILABLE"), fail("UNAVAILABLE"), stream([snapshot("a")])],
    });
    expect(await clock.run(collect(client.searchStream("docs", QUERY)))).toHaveLength(1);
    expect(transport.calls).toHaveLength(3);
  });

  it("after it are not, and reach the reader in their place", async () => {
    const cause = new Error("RST_STREAM");
    const { clock, client, transport } = bench({
      searchStream: [
        stream([snapshot("a"), snapshot("b")], { end: fail("UNAVAILABLE", { message: "cut", cause }) }),
      ],
    });
    const seen: unknown[] = [];
    const read = async () => {
      for await (const results of client.searchStream("docs", QUERY)) seen.push(results);
    };
    const error = await clock.run(rejection(UnavailableError, read()));
    expect(seen).toHaveLength(2);
    expect(transport.calls).toHaveLength(1);
    expect(error).toMatchObject({ method: "SearchStream", collection: "docs", retryable: true, cause });
    expect(error.attempts).toMatchObject([{ number: 1, code: "UNAVAILABLE", message: "cut" }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("are understood as those of other calls", async () => {
    const { clock, client } = bench({
      searchStream: [
        stream([snapshot("a")], {
          end: fail("INTERNAL", {
            message:
              "worker w:1 search failed: rpc error: code = FailedPrecondition desc = stale shard epoch (have 1, want 0)",
          }),
        }),
      ],
    });
    const error = await clock.run(rejection(UnavailableError, collect(client.searchStream("docs", QUERY))));
    expect(error.message).toContain("waitUntilReady");
  });

  it("never hold the token", async () => {
    const { clock, client } = bench(
      {
        searchStream: [
          stream([snapshot("a")], { end: fail("UNAUTHENTICATED", { message: "bad vkey-1234567" }) }),
        ],
      },
      { apiKey: "vkey-1234567" },
    );
    const error = await clock.run(
      rejection(AuthenticationError, collect(client.searchStream("docs", QUERY))),
    );
    expect(JSON.stringify(error)).not.toContain("vkey-1234567");
    expect(error.message).toContain("raw API key");
  });

  it("that are no failures of a transport are INTERNAL", async () => {
    const { client } = bench([crash(new RangeError("no"))]);
    await expect(collect(client.searchStream("docs", QUERY))).rejects.toThrow(
      "the transport failed: RangeError: no",
    );
  });
});

describe("leaving a stream", () => {
  it("cancels the call on the wire", async () => {
    const { clock, client, transport } = bench({ searchStream: [stream([snapshot("a"), snapshot("b")])] });
    for await (const _ of client.searchStream("docs", QUERY)) break;
    expect(transport.calls[0]?.outcome).toBe("left");
    expect(clock.pendingTimers).toBe(0);
  });

  it("by an error of the reader's own cancels it as well", async () => {
    const { client, transport } = bench({ searchStream: [stream([snapshot("a"), snapshot("b")])] });
    const read = async () => {
      for await (const _ of client.searchStream("docs", QUERY)) throw new RangeError("mine");
    };
    await expect(read()).rejects.toThrow("mine");
    expect(transport.calls[0]?.outcome).toBe("left");
  });

  it("is one attempt that was cancelled, and no failure", async () => {
    const ends: unknown[] = [];
    const attempts: string[] = [];
    const { client } = bench(
      { searchStream: [stream([snapshot("a"), snapshot("b")])] },
      {
        observers: [
          {
            attemptEnded: (_call, { code, message }) => attempts.push(`${code}: ${message}`),
            callEnded: (_call, { error, warnings }) => ends.push({ error, warnings }),
          },
        ],
      },
    );
    for await (const _ of client.searchStream("docs", QUERY)) break;
    expect(attempts).toEqual(["CANCELLED: the caller left the stream"]);
    expect(ends).toEqual([{ error: undefined, warnings: [] }]);
  });

  it("cancels it too when an interceptor's messages do not pass it on", async () => {
    const deaf: Interceptor = (next) => async (call) => {
      const answer = await next(call);
      if (answer.kind !== "stream") return answer;
      const source = answer.messages[Symbol.asyncIterator]();
      return { kind: "stream", messages: { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) } };
    };
    const { client, transport } = bench(
      { searchStream: [stream([snapshot("a")], { end: hang() })] },
      { interceptors: [deaf] },
    );
    for await (const _ of client.searchStream("docs", QUERY)) break;
    expect(transport.calls[0]?.aborted).toBe(true);
  });

  it("does not wait for ever for a transport that does not answer", async () => {
    const stuck: Interceptor = (next) => async (call) => {
      const answer = await next(call);
      if (answer.kind !== "stream") return answer;
      const source = answer.messages[Symbol.asyncIterator]();
      const messages = {
        [Symbol.asyncIterator]: () => ({
          next: () => source.next(),
          return: () => new Promise<never>(() => {}),
        }),
      };
      return { kind: "stream", messages };
    };
    const { clock, client } = bench(
      { searchStream: [stream([snapshot("a"), snapshot("b")])] },
      { interceptors: [stuck], timeoutMs: 100 },
    );
    const read = async () => {
      for await (const _ of client.searchStream("docs", QUERY)) break;
    };
    await clock.run(read());
    expect(clock.now()).toBe(100);
    expect(clock.pendingTimers).toBe(0);
  });

  it("lets go of a stream that an interceptor fails after it was opened", async () => {
    const failing: Interceptor = (next) => async (call) => {
      await next(call);
      throw new RangeError("mine");
    };
    const { clock, client, transport } = bench(
      { searchStream: [stream([snapshot("a")], { end: hang() })] },
      { interceptors: [failing] },
    );
    await expect(collect(client.searchStream("docs", QUERY))).rejects.toThrow("mine");
    expect(transport.calls[0]?.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it("before the first message has come ends the call at its deadline at the latest", async () => {
    const { clock, client, transport } = bench({ searchStream: [hang()] }, { timeoutMs: 100 });
    const messages = client.searchStream("docs", QUERY)[Symbol.asyncIterator]();
    const first = messages.next().catch((error: unknown) => error);
    const left = messages.return?.();
    await clock.run(Promise.all([first, left]));
    expect(clock.now()).toBe(100);
    expect(transport.calls[0]?.outcome).toBe("aborted");
  });
});

describe("a stream that nobody reads to its end", () => {
  it.each([
    ["at its deadline", DeadlineExceededError, ({ clock }: Bench) => clock.advance(100)],
    ["when the client is closed", CancelledError, ({ client }: Bench) => client.close()],
  ])("is over %s", async (_when, errorClass, end) => {
    const results: CallResult[] = [];
    const observer: CallObserver = { callEnded: (_call, result) => void results.push(result) };
    const used = bench(
      { searchStream: [stream([snapshot("a"), snapshot("b")])] },
      { timeoutMs: 100, observers: [observer] },
    );
    const messages = used.client.searchStream("docs", QUERY)[Symbol.asyncIterator]();
    await messages.next();
    await end(used);
    expect(results).toMatchObject([{ error: expect.any(errorClass), attempts: [{ number: 1 }] }]);
    // Whoever comes back to it learns of the same end.
    await expect(messages.next()).rejects.toBe(results[0]?.error);
    expect(results).toHaveLength(1);
    expect(used.clock.pendingTimers).toBe(0);
  });
});

describe("a stream's first message", () => {
  it("that comes as the call ends does not leave the stream open", async () => {
    const controller = new AbortController();
    const abortingMessage = () => {
      controller.abort();
      return snapshot("a");
    };
    const { clock, client, transport } = bench({
      searchStream: [stream([abortingMessage], { end: hang({ ignoreAbort: true }) })],
    });
    await expect(collect(client.searchStream("docs", QUERY, { signal: controller.signal }))).rejects.toThrow(
      "aborted",
    );
    await clock.advance(0);
    expect(transport.calls[0]?.outcome).toBe("left");
  });

  it("is what a plain reply gives", async () => {
    const { client } = bench({ searchStream: [reply(snapshot("a"))] });
    expect(await collect(client.searchStream("docs", QUERY))).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import {
  type AttemptRecord,
  type CallNext,
  CancelledError,
  type Interceptor,
  type InterceptorCall,
  InvalidArgumentError,
  NotFoundError,
  UnavailableError,
} from "../../src/index.ts";
import { fail, hang, reply, stream } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, collect, QUERY, rejection } from "../support.ts";

const EMPTY = { results: [] };

describe("interceptors", () => {
  it("wrap the call, the first outermost", async () => {
    const steps: string[] = [];
    const named =
      (name: string): Interceptor =>
      (next) =>
      async (call) => {
        steps.push(`${name} in`);
        const answer = await next(call);
        steps.push(`${name} out`);
        return answer;
      };
    const { client } = bench(ALWAYS_REPLY, { interceptors: [named("outer"), named("inner")] });
    await client.search("docs", QUERY);
    expect(steps).toEqual(["outer in", "inner in", "inner out", "outer out"]);
  });

  it("wrap the call once around all of its attempts", async () => {
    let runs = 0;
    const counting: Interceptor = (next) => (call) => {
      runs += 1;
      return next(call);
    };
    const { clock, client, transport } = bench([fail("UNAVAILABLE"), reply()], { interceptors: [counting] });
    await clock.run(client.search("docs", QUERY));
    expect(runs).toBe(1);
    expect(transport.calls).toHaveLength(2);
  });

  it("see what the call is, and neither its token nor its message", async () => {
    let seen: InterceptorCall | undefined;
    const watching: Interceptor = (next) => (call) => {
      seen = call;
      return next(call);
    };
    const { client } = bench(ALWAYS_REPLY, { interceptors: [watching], apiKey: "s3cret-token" });
    await client.search("docs", QUERY, { headers: { "x-team": "search" }, timeoutMs: 500 });
    expect(seen).toMatchObject({
      service: "vectron.v1.VectronService",
      method: "Search",
      kind: "unary",
      collection: "docs",
      transport: "scripted",
      endpoint: "scripted",
      deadline: 500,
      headers: { "x-team": "search", "x-request-id": seen?.requestId },
    });
    expect(seen?.signal.aborted).toBe(false);
    expect(JSON.stringify(seen)).not.toContain("s3cret");
    expect(Object.keys(seen ?? {})).not.toContain("message");
  });

  it("have a signal of the platform's own, which ends with the call", async () => {
    const signals: unknown[] = [];
    const watching: Interceptor = (next) => (call) => {
      signals.push(call.signal);
      return next(call);
    };
    const { clock, client } = bench([hang(), reply()], { interceptors: [watching], timeoutMs: 50 });
    await clock.run(client.search("docs", QUERY).catch(() => {}));
    await clock.run(client.search("docs", QUERY));
    const [ended, succeeded] = signals as AbortSignal[];
    expect(ended).toBeInstanceOf(AbortSignal);
    expect(ended?.aborted).toBe(true);
    expect(succeeded?.aborted).toBe(false);
  });

  it("add headers, by changing the call's or by passing on a copy", async () => {
    const changing: Interceptor = (next) => (call) => {
      call.headers["x-one"] = "1";
      return next(call);
    };
    const copying: Interceptor = (next) => (call) =>
      next({ ...call, headers: { ...call.headers, "x-two": "2" } });
    const { clock, client, transport } = bench([fail("UNAVAILABLE"), reply()], {
      interceptors: [changing, copying],
    });
    await clock.run(client.search("docs", QUERY));
    for (const { headers } of transport.calls) expect(headers).toMatchObject({ "x-one": "1", "x-two": "2" });
  });

  it("do not carry headers over to the next call", async () => {
    let number = 0;
    const once: Interceptor = (next) => (call) => {
      if (number++ === 0) call.headers["x-once"] = "1";
      return next(call);
    };
    const { client, transport } = bench(ALWAYS_REPLY, { interceptors: [once] });
    await client.search("docs", QUERY);
    await client.search("docs", QUERY);
    expect(transport.calls.map(({ headers }) => headers["x-once"])).toEqual(["1", undefined]);
  });

  it("see errors as the caller would, and may put others in their place", async () => {
    class Missing extends Error {}
    const mapping: Interceptor = (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        if (error instanceof NotFoundError) throw new Missing(error.requestId, { cause: error });
        throw error;
      }
    };
    const { client } = bench([fail("NOT_FOUND", { message: "vector with id a not found" })], {
      interceptors: [mapping],
    });
    const error = await client.get("docs", "a").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Missing);
    expect((error as Missing).cause).toBeInstanceOf(NotFoundError);
  });

  it("may answer without a call", async () => {
    const cache: Interceptor = () => async () => ({ kind: "unary", message: EMPTY });
    const { client, transport } = bench([], { interceptors: [cache] });
    expect(await client.search("docs", QUERY)).toEqual([]);
    expect(transport.calls).toEqual([]);
  });

  it("pass the reply through, and may change it", async () => {
    const seen: unknown[] = [];
    const watching: Interceptor = (next) => async (call) => {
      const answer = await next(call);
      seen.push(answer);
      return answer;
    };
    const { client } = bench([reply({ upserted: 7 })], { interceptors: [watching] });
    expect(await client.upsert("docs", [{ id: "a", vector: [1] }])).toBe(7);
    expect(seen).toEqual([{ kind: "unary", message: { upserted: 7 } }]);
  });

  it("wrap a stream's messages", async () => {
    const counting: Interceptor = (next) => async (call) => {
      const answer = await next(call);
      if (answer.kind !== "stream") return answer;
      async function* counted(messages: AsyncIterable<unknown>) {
        for await (const message of messages) {
          count += 1;
          yield message;
        }
      }
      return { kind: "stream", messages: counted(answer.messages) };
    };
    let count = 0;
    const { client, transport } = bench(() => stream([EMPTY, EMPTY, EMPTY]), { interceptors: [counting] });
    expect(await collect(client.searchStream("docs", QUERY))).toHaveLength(3);
    expect(count).toBe(3);
    for await (const _ of client.searchStream("docs", QUERY)) break;
    expect(transport.calls.map(({ outcome }) => outcome)).toEqual(["replied", "left"]);
  });

  it("may make the call again", async () => {
    const insisting: Interceptor = (next) => (call) => next(call).catch(() => next(call));
    const { clock, client, transport } = bench([fail("INTERNAL"), reply()], { interceptors: [insisting] });
    await clock.run(client.search("docs", QUERY));
    expect(transport.calls).toHaveLength(2);
  });

  it.each([
    ["a function of both arguments", async (call: never, next: CallNext) => next(call), "of class Promise"],
    ["one that returns nothing", () => undefined, "got undefined"],
  ])("of another shape are refused at once: %s", (_shape, interceptor, message) => {
    const good: Interceptor = (next) => next;
    const create = () => bench(ALWAYS_REPLY, { interceptors: [good, interceptor as never] });
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(/^interceptors\[1\]\(next\) must be a function of the call/);
    expect(create).toThrow(message);
  });

  it("fail the call when they pass on another one than they were given", async () => {
    const forging: Interceptor = (next) => () => next({ method: "Search" } as unknown as InterceptorCall);
    const { client, transport } = bench(ALWAYS_REPLY, { interceptors: [forging] });
    await expect(client.search("docs", QUERY)).rejects.toThrow("must pass on the call that it was given");
    expect(transport.calls).toEqual([]);
  });

  it.each<[string, Interceptor]>([
    [
      "synchronously",
      () => () => {
        throw new RangeError("mine");
      },
    ],
    [
      "later",
      () => async () => {
        throw new RangeError("mine");
      },
    ],
  ])("that throw fail the call: %s", async (_when, interceptor) => {
    const { clock, client } = bench(ALWAYS_REPLY, { interceptors: [interceptor] });
    await expect(client.search("docs", QUERY)).rejects.toThrow("mine");
    expect(clock.pendingTimers).toBe(0);
  });

  it("that answer before the call has ended cancel what is left of it", async () => {
    const impatient: Interceptor = (next) => (call) =>
      Promise.race([next(call), clock.sleep(10).then(() => ({ kind: "unary", message: EMPTY }) as const)]);
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE", { afterMs: 8 }), {
      interceptors: [impatient],
      retry: { initialDelayMs: 100, jitter: 0 },
    });
    expect(await clock.run(client.search("docs", QUERY))).toEqual([]);
    await clock.advance(1_000);
    expect(transport.calls).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("that fail before the call has ended cancel what is left of it", async () => {
    const impatient: Interceptor = (next) => (call) =>
      Promise.race([next(call), clock.sleep(10).then(() => Promise.reject(new RangeError("too slow")))]);
    const { clock, client, transport } = bench(() => hang(), { interceptors: [impatient] });
    await expect(clock.run(client.search("docs", QUERY))).rejects.toThrow("too slow");
    await clock.advance(0);
    expect(transport.calls[0]?.outcome).toBe("aborted");
    expect(clock.pendingTimers).toBe(0);
  });

  it("are told by `next` when the call is aborted", async () => {
    let told: unknown;
    const watching: Interceptor = (next) => (call) =>
      next(call).catch((error: unknown) => {
        told = error;
        throw error;
      });
    const { clock, client } = bench(() => hang({ ignoreAbort: true }), {
      interceptors: [watching],
      hedge: true,
    });
    const controller = new AbortController();
    const work = rejection(CancelledError, client.search("docs", QUERY, { signal: controller.signal }));
    await clock.advance(100);
    controller.abort();
    expect(await work).toBe(told);
  });

  it("watch the attempts of their own call", async () => {
    const seen: string[] = [];
    const watching: Interceptor = (next) => (call) => {
      const note = (what: string) => (_: unknown, attempt: { readonly number: number }) =>
        seen.push(`${call.method} ${what} ${attempt.number}`);
      call.observe({ attemptStarted: note("start"), attemptEnded: note("end") });
      return next(call);
    };
    const { clock, client } = bench(
      { search: [fail("UNAVAILABLE"), reply()], get: [reply()] },
      { interceptors: [watching] },
    );
    await clock.run(client.search("docs", QUERY));
    await clock.run(client.get("docs", "a"));
    expect(seen).toEqual([
      "Search start 1",
      "Search end 1",
      "Search start 2",
      "Search end 2",
      "Get start 1",
      "Get end 1",
    ]);
  });
});

describe("attempts that an interceptor caused", () => {
  it("are all in the error of the last", async () => {
    const insisting: Interceptor = (next) => (call) => next(call).catch(() => next(call));
    const { clock, client } = bench(() => fail("UNAVAILABLE", { requestSent: "no" }), {
      interceptors: [insisting],
    });
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    const numbers = error.attempts.map(({ number }: AttemptRecord) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBeGreaterThan(3);
  });
});

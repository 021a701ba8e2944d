import { describe, expect, it } from "vitest";
import {
  type CallObserver,
  type CallResult,
  DeadlineExceededError,
  type LogFields,
  type Logger,
  NotFoundError,
  UnavailableError,
} from "../../src/index.ts";
import { fail, hang, reply, stream } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, collect, QUERY, rejection } from "../support.ts";

/** An observer that writes down what it is told. */
function recorder(): {
  readonly observer: CallObserver;
  readonly events: string[];
  readonly results: CallResult[];
} {
  const events: string[] = [];
  const results: CallResult[] = [];
  return {
    events,
    results,
    observer: {
      callStarted: ({ method }) => void events.push(`${method} started`),
      attemptStarted: (_call, { number, hedge }) =>
        void events.push(`attempt ${number}${hedge ? " (hedge)" : ""} started`),
      attemptEnded: (_call, { number, code }) => void events.push(`attempt ${number} ended: ${code}`),
      callEnded: ({ method }, result) => {
        events.push(`${method} ended: ${result.error?.name ?? "OK"}`);
        results.push(result);
      },
    },
  };
}

describe("observers", () => {
  it("are told of a call and its attempts, in order", async () => {
    const { observer, events, results } = recorder();
    const { clock, client } = bench([fail("UNAVAILABLE", { afterMs: 5 }), reply(undefined, { afterMs: 7 })], {
      observers: [observer],
      retry: { initialDelayMs: 10, jitter: 0 },
    });
    await clock.run(client.search("docs", QUERY));
    expect(events).toEqual([
      "Search started",
      "attempt 1 started",
      "attempt 1 ended: UNAVAILABLE",
      "attempt 2 started",
      "attempt 2 ended: OK",
      "Search ended: OK",
    ]);
    expect(results[0]).toMatchObject({
      error: undefined,
      durationMs: 22,
      warnings: [],
      attempts: [
        { number: 1, code: "UNAVAILABLE", startMs: 0, durationMs: 5 },
        { number: 2, code: "OK", startMs: 15, durationMs: 7 },
      ],
    });
  });

  it("are told of a failure with its error", async () => {
    const { observer, events, results } = recorder();
    const { client } = bench([fail("NOT_FOUND")], { observers: [observer] });
    const error = await rejection(NotFoundError, client.get("docs", "a"));
    expect(events.at(-1)).toBe("Get ended: NotFoundError");
    expect(results[0]?.error).toBe(error);
    expect(results[0]?.attempts).toEqual(error.attempts);
  });

  it("are told of every end before that of the call, whatever the transport does", async () => {
    const { observer, events } = recorder();
    const { clock, client } = bench(() => hang({ ignoreAbort: true }), {
      observers: [observer],
      hedge: true,
      timeoutMs: 100,
    });
    await clock.run(rejection(DeadlineExceededError, client.search("docs", QUERY)));
    await clock.advance(1_000);
    expect(events).toEqual([
      "Search started",
      "attempt 1 started",
      "attempt 2 (hedge) started",
      "attempt 1 ended: DEADLINE_EXCEEDED",
      "attempt 2 ended: DEADLINE_EXCEEDED",
      "Search ended: DeadlineExceededError",
    ]);
  });

  it("are told once of each end", async () => {
    const { observer, events } = recorder();
    const { clock, client } = bench(
      ({ method }) =>
        method === "searchStream" ? stream([{ results: [] }]) : reply(undefined, { afterMs: 100 }),
      { observers: [observer], hedge: true },
    );
    await clock.run(client.get("docs", "a"));
    await clock.advance(100);
    expect(events.splice(0)).toEqual([
      "Get started",
      "attempt 1 started",
      "attempt 2 (hedge) started",
      "attempt 1 ended: OK",
      "attempt 2 ended: CANCELLED",
      "Get ended: OK",
    ]);
    await collect(client.searchStream("docs", QUERY));
    expect(events).toEqual([
      "SearchStream started",
      "attempt 1 started",
      "attempt 1 ended: OK",
      "SearchStream ended: OK",
    ]);
  });

  it("are all told, though one of them throws", async () => {
    const throwing = () => {
      throw new Error("the observer's own");
    };
    const broken: CallObserver = {
      callStarted: throwing,
      attemptStarted: throwing,
      attemptEnded: throwing,
      callEnded: throwing,
    };
    const { observer, events } = recorder();
    const { client } = bench([reply(), fail("NOT_FOUND")], {
      observers: [{ watches: throwing }, broken, observer],
    });
    await client.search("docs", QUERY);
    await rejection(NotFoundError, client.search("docs", QUERY));
    expect(events.filter((event) => event.startsWith("Search"))).toHaveLength(4);
  });

  it("are told of the end of a call that was refused because the client is closed", async () => {
    const { observer, events } = recorder();
    const { client } = bench(ALWAYS_REPLY, { observers: [observer] });
    await client.close();
    await client.search("docs", QUERY).catch(() => {});
    expect(events).toEqual(["Search started", "Search ended: CancelledError"]);
  });

  it("are told nothing of calls that are wrong in themselves", async () => {
    const { observer, events } = recorder();
    const { client } = bench(ALWAYS_REPLY, { observers: [observer] });
    await client.search("docs", { vector: [] }).catch(() => {});
    expect(events).toEqual([]);
  });
});

describe("onResponse", () => {
  it("receives the request id, the attempts and the warnings of a call that succeeded", async () => {
    const infos: unknown[] = [];
    const { clock, client, transport } = bench([fail("UNAVAILABLE"), reply()]);
    await clock.run(client.search("docs", QUERY, { onResponse: (info) => infos.push(info) }));
    expect(infos).toEqual([
      {
        requestId: transport.calls[0]?.headers["x-request-id"],
        attempts: [expect.objectContaining({ code: "UNAVAILABLE" }), expect.objectContaining({ code: "OK" })],
        warnings: [],
      },
    ]);
  });

  it("is not called for a call that fails", async () => {
    const { client } = bench([fail("NOT_FOUND")]);
    let called = false;
    const onResponse = () => {
      called = true;
    };
    await rejection(NotFoundError, client.get("docs", "a", { onResponse }));
    expect(called).toBe(false);
  });

  it("that throws rejects the call with that error, and ends it once", async () => {
    const { observer, events } = recorder();
    const { clock, client } = bench(ALWAYS_REPLY, { observers: [observer] });
    const onResponse = () => {
      throw new RangeError("mine");
    };
    await expect(client.search("docs", QUERY, { onResponse })).rejects.toThrow("mine");
    expect(events.filter((event) => event.includes("Search ended"))).toEqual(["Search ended: OK"]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("the request id", () => {
  it("is the same over the attempts of a call, in its headers and in its error", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"));
    const error = await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    const ids = transport.calls.map(({ headers }) => headers["x-request-id"]);
    expect(ids).toEqual([error.requestId, error.requestId, error.requestId]);
    expect(error.requestId).toMatch(/^[0-9a-z]+-[0-9a-z]+$/);
    expect(error.message).toContain(`request ${error.requestId}`);
    expect(error.toJSON().requestId).toBe(error.requestId);
  });

  it("is another for each call and each client", async () => {
    const ids = new Set<string | undefined>();
    for (let seed = 0; seed < 20; seed++) {
      const { client, transport } = bench(ALWAYS_REPLY, { clock: { seed } });
      for (let call = 0; call < 10; call++) await client.search("docs", QUERY);
      for (const { headers } of transport.calls) ids.add(headers["x-request-id"]);
    }
    expect(ids.size).toBe(200);
  });
});

describe("the logger", () => {
  function recording(): {
    readonly logger: Logger;
    readonly lines: [string, string, LogFields | undefined][];
  } {
    const lines: [string, string, LogFields | undefined][] = [];
    const at = (level: string) => (message: string, fields?: LogFields) =>
      void lines.push([level, message, fields]);
    return { lines, logger: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
  }

  it("writes a call that succeeded at debug", async () => {
    const { logger, lines } = recording();
    const { client } = bench(ALWAYS_REPLY, { logger });
    await client.search("docs", QUERY);
    expect(lines).toEqual([
      [
        "debug",
        "call succeeded",
        expect.objectContaining({ method: "Search", collection: "docs", attempts: 1 }),
      ],
    ]);
  });

  it("writes a failed attempt at warn and a failed call at error", async () => {
    const { logger, lines } = recording();
    const { clock, client } = bench(() => fail("UNAVAILABLE", { message: "down" }), {
      logger,
      retry: { maxAttempts: 2 },
    });
    await clock.run(rejection(UnavailableError, client.search("docs", QUERY)));
    expect(lines.map(([level, message]) => [level, message])).toEqual([
      ["warn", "attempt failed"],
      ["warn", "attempt failed"],
      ["error", "call failed"],
    ]);
    expect(lines[2]?.[2]).toMatchObject({ error: { name: "UnavailableError", code: "UNAVAILABLE" } });
    expect(() => JSON.stringify(lines)).not.toThrow();
  });

  it("writes warnings at warn", async () => {
    const { logger, lines } = recording();
    const { client } = bench(ALWAYS_REPLY, { logger });
    await client.createCollection({ name: "docs", dimension: 1, distance: "dot" }, { waitUntilReady: false });
    expect(lines[0]).toEqual(["warn", expect.stringContaining('no "dot"'), expect.anything()]);
  });

  it("says nothing at warn of a hedge that lost, or a stream that was left", async () => {
    const { logger, lines } = recording();
    const { clock, client } = bench(
      ({ method }) =>
        method === "searchStream"
          ? stream([{ results: [] }, { results: [] }])
          : reply(undefined, { afterMs: 100 }),
      { logger, hedge: true },
    );
    await clock.run(client.get("docs", "a"));
    for await (const _ of client.searchStream("docs", QUERY)) break;
    expect(lines.map(([level]) => level)).toEqual(["debug", "debug"]);
  });

  it("may have only some levels, and may throw", async () => {
    const throwing = () => {
      throw new Error("disk full");
    };
    const { client } = bench(ALWAYS_REPLY, { logger: { debug: throwing } });
    await client.search("docs", QUERY);
    const { client: silent } = bench([fail("NOT_FOUND")], { logger: {} });
    await rejection(NotFoundError, silent.search("docs", QUERY));
  });

  it("can be the console", () => {
    const logger: Logger = console;
    expect(bench(ALWAYS_REPLY, { logger }).client).toBeDefined();
  });

  it("is warned once, at the first call, when the token travels in clear text", async () => {
    const insecure = recording();
    const { client } = bench(ALWAYS_REPLY, {
      logger: insecure.logger,
      apiKey: "s3cret-token",
      transport: { capabilities: { insecure: true, endpoint: "http://db.example" } },
    });
    expect(insecure.lines).toEqual([]);
    await client.listCollections();
    await client.listCollections();
    expect(insecure.lines.filter(([level]) => level === "warn")).toEqual([
      ["warn", expect.stringContaining("clear text"), { endpoint: "http://db.example" }],
    ]);

    const quiet = recording();
    for (const options of [{ apiKey: "s3cret-token" }, { transport: { capabilities: { insecure: true } } }]) {
      await bench(ALWAYS_REPLY, { logger: quiet.logger, ...options }).client.listCollections();
    }
    expect(quiet.lines.filter(([level]) => level === "warn")).toEqual([]);
  });
});

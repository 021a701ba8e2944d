import { describe, expect, it } from "vitest";
import { CancelledError } from "../../src/index.ts";
import { fail, hang, reply, stream } from "../../src/testing/index.ts";
import { ALWAYS_REPLY, bench, collect, countingSignal, QUERY, rejection } from "../support.ts";

describe("close()", () => {
  it("cancels what is under way", async () => {
    const { clock, client, transport } = bench(() => hang());
    const { signal, listeners } = countingSignal();
    const works = [
      client.search("docs", QUERY, { signal }),
      client.upsert("docs", [{ id: "a", vector: [1] }]),
      collect(client.searchStream("docs", QUERY)),
      client.waitUntilReady("docs"),
      client.getMany("docs", ["a", "b"]),
    ].map((work) => rejection(CancelledError, work));
    await clock.advance(5);
    await client.close();
    for (const error of await Promise.all(works)) expect(error.message).toContain("the client was closed");
    await clock.advance(0);
    expect(transport.calls.every(({ outcome }) => outcome === "aborted")).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    expect(listeners()).toBe(0);
  });

  it("cancels a back-off", async () => {
    const { clock, client, transport } = bench(() => fail("UNAVAILABLE"), {
      retry: { initialDelayMs: 1_000, jitter: 0 },
    });
    const work = rejection(CancelledError, client.search("docs", QUERY));
    await clock.advance(5);
    await client.close();
    const error = await work;
    await clock.advance(5_000);
    expect(transport.calls).toHaveLength(1);
    expect(error.attempts.map(({ code }) => code)).toEqual(["UNAVAILABLE"]);
  });

  it("stops the token provider", async () => {
    let stopped = false;
    const { clock, client } = bench(ALWAYS_REPLY, {
      auth: ({ signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            stopped = true;
          });
        }),
    });
    const work = rejection(CancelledError, client.search("docs", QUERY));
    await clock.advance(5);
    await client.close();
    await work;
    expect(stopped).toBe(true);
  });

  it("ends a stream whose reader is between two messages", async () => {
    const { client, transport } = bench({ searchStream: [stream([{ results: [] }, { results: [] }])] });
    const messages = client.searchStream("docs", QUERY)[Symbol.asyncIterator]();
    await messages.next();
    await client.close();
    await rejection(CancelledError, messages.next());
    expect(transport.calls[0]).toMatchObject({ outcome: "left" });
  });

  it("refuses later calls, and sends nothing for them", async () => {
    const { clock, client, transport } = bench(ALWAYS_REPLY);
    await client.close();
    const works = [
      client.search("docs", QUERY),
      collect(client.searchStream("docs", QUERY)),
      client.waitUntilReady("docs"),
      client.collection("docs").get("a"),
    ];
    for (const work of works) {
      const error = await rejection(CancelledError, work);
      expect(error.message).toContain("the client was closed");
      expect(error.attempts).toEqual([]);
    }
    expect(transport.calls).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("closes the transport once", async () => {
    const { client, transport } = bench(ALWAYS_REPLY);
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(transport.closeCount).toBe(1);
  });

  it("is what `await using` does", async () => {
    const { client, transport } = bench([reply()]);
    await client.search("docs", QUERY);
    await client[Symbol.asyncDispose]();
    expect(transport.closeCount).toBe(1);
    await rejection(CancelledError, client.search("docs", QUERY));
  });
});

describe("constructing a client", () => {
  it("calls nothing and sets nothing", () => {
    let asked = false;
    const { clock, transport } = bench(ALWAYS_REPLY, {
      auth: () => {
        asked = true;
        return "some-token";
      },
      hedge: true,
    });
    expect(asked).toBe(false);
    expect(transport.calls).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

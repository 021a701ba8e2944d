import { describe, expect, it } from "vitest";
import { BulkUpsertError, type PointInput, TransportFailure } from "../../src/index.ts";
import { countingSignal, rejection } from "../support.ts";
import { bulkBench, CountedSource, record, records } from "./support/bulk-bench.ts";

/** A source that gives some records and then never answers again. */
class StuckSource implements AsyncIterable<PointInput> {
  returned = 0;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  [Symbol.asyncIterator](): AsyncIterator<PointInput> {
    let next = 0;
    return {
      next: async () =>
        next < this.#count ? { done: false, value: record(next++) } : new Promise<never>(() => {}),
      return: () => {
        this.returned++;
        return new Promise<never>(() => {});
      },
    };
  }
}

describe("aborting the signal", () => {
  it("before the load sends nothing and takes nothing", async () => {
    const { client, clock, server } = bulkBench();
    const source = new CountedSource(records(10));
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", source, { signal: AbortSignal.abort("no") })),
    );
    expect(error).toMatchObject({ code: "CANCELLED", checkpoint: { records: 0 }, report: { attempts: 0 } });
    expect(source.pulled).toBe(0);
    expect(server.requests).toHaveLength(0);
  });

  it("cancels what is under way, and says how far the load came", async () => {
    const { client, clock, server } = bulkBench({ latencyMs: 100 });
    const { controller, signal, listeners } = countingSignal();
    const source = new CountedSource(records(1_000));
    const load = client.bulkUpsert("docs", source, { signal, maxBatchPoints: 10, concurrency: 4 });
    const rejected = rejection(BulkUpsertError, load);
    await clock.advance(450);
    controller.abort(new RangeError("enough"));
    const error = await rejected;

    expect(clock.now()).toBe(450);
    expect(error.code).toBe("CANCELLED");
    expect(error.report.accepted).toBe(error.checkpoint.records);
    expect(error.report.accepted).toBeGreaterThan(0);
    expect(error.report.accepted).toBeLessThan(server.requests.length * 10);
    expect(error.report.attempts).toBe(server.requests.length);
    expect(source.returned).toBe(1);
    expect(listeners()).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends the wait for a source that does not answer, and for its cleaning up", async () => {
    const { client, clock } = bulkBench();
    const controller = new AbortController();
    const source = new StuckSource(25);
    const load = client.bulkUpsert("docs", source, { signal: controller.signal, maxBatchPoints: 10 });
    const rejected = rejection(BulkUpsertError, load);
    await clock.advance(1_000);
    controller.abort();
    expect(await rejected).toMatchObject({ code: "CANCELLED", checkpoint: { records: 20 } });
    expect(source.returned).toBe(1);
  });

  it("from within the source is noticed", async () => {
    const { client, clock } = bulkBench();
    const controller = new AbortController();
    const source = new StuckSource(0);
    const iterator = source[Symbol.asyncIterator]();
    const aborting = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          controller.abort();
          return iterator.next();
        },
      }),
    };
    const load = client.bulkUpsert("docs", aborting, { signal: controller.signal });
    expect(await rejection(BulkUpsertError, clock.run(load))).toMatchObject({ code: "CANCELLED" });
  });

  it("ends the wait for a rate limit", async () => {
    const { client, clock } = bulkBench({ rateLimit: 0 });
    const controller = new AbortController();
    const rejected = rejection(
      BulkUpsertError,
      client.bulkUpsert("docs", records(10), { signal: controller.signal }),
    );
    await clock.advance(500);
    controller.abort();
    expect(await rejected).toMatchObject({ code: "CANCELLED", report: { accepted: 0, attempts: 1 } });
    expect(clock.pendingTimers).toBe(0);
  });

  it("by a timeout is a deadline", async () => {
    const { client, clock } = bulkBench({ latencyMs: 1_000 });
    const controller = new AbortController();
    const rejected = rejection(
      BulkUpsertError,
      client.bulkUpsert("docs", records(10), { signal: controller.signal }),
    );
    await clock.advance(10);
    controller.abort(new DOMException("timed out", "TimeoutError"));
    expect(await rejected).toMatchObject({ code: "DEADLINE_EXCEEDED", checkpoint: { records: 0 } });
  });

  it("cancels a stream and lets go of it", async () => {
    const { client, clock } = bulkBench({ latencyMs: 100 });
    const controller = new AbortController();
    let cancelled = 0;
    let next = 0;
    const stream = new ReadableStream<PointInput>({
      pull: (queue) => queue.enqueue(record(next++)),
      cancel: () => {
        cancelled++;
      },
    });
    const load = client.bulkUpsert("docs", stream, { signal: controller.signal, maxBatchPoints: 10 });
    const rejected = rejection(BulkUpsertError, load);
    await clock.advance(250);
    controller.abort();
    await rejected;
    expect(cancelled).toBe(1);
    expect(stream.locked).toBe(false);
  });
});

describe("closing the client", () => {
  it("ends a load, whatever it waits for", async () => {
    const { client, clock } = bulkBench();
    const rejected = rejection(
      BulkUpsertError,
      client.bulkUpsert("docs", new StuckSource(25), { maxBatchPoints: 10 }),
    );
    await clock.advance(1_000);
    await client.close();
    const error = await rejected;
    expect(error).toMatchObject({ code: "CANCELLED", checkpoint: { records: 20 } });
    expect(error.message).toMatch(/the client was closed/);
  });

  it("refuses later loads", async () => {
    const { client, clock } = bulkBench();
    await client.close();
    const load = clock.run(client.bulkUpsert("docs", records(5)));
    expect(await rejection(BulkUpsertError, load)).toMatchObject({ code: "CANCELLED" });
    const writer = client.bulkWriter("docs");
    await rejection(BulkUpsertError, writer.write(record(0)));
  });
});

describe("a source that is left", () => {
  it("may fail to clean up without hiding why", async () => {
    const { client, clock } = bulkBench({
      fault: () => new TransportFailure("PERMISSION_DENIED", "not yours", { requestSent: "yes" }),
    });
    const source = async function* () {
      try {
        yield* records(100);
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what is tested
        throw new RangeError("cannot clean up");
      }
    };
    const load = clock.run(client.bulkUpsert("docs", source(), { maxBatchPoints: 10 }));
    expect(await rejection(BulkUpsertError, load)).toMatchObject({ code: "PERMISSION_DENIED" });
  });

  it("is waited for while it cleans up", async () => {
    const { client, clock } = bulkBench({
      fault: () => new TransportFailure("PERMISSION_DENIED", "not yours", { requestSent: "yes" }),
    });
    let clean = false;
    const source = async function* () {
      try {
        yield* records(100);
      } finally {
        await clock.sleep(50);
        clean = true;
      }
    };
    await rejection(BulkUpsertError, clock.run(client.bulkUpsert("docs", source(), { maxBatchPoints: 10 })));
    expect(clean).toBe(true);
  });
});

describe("timeoutMs", () => {
  it("is each request's, not the load's", async () => {
    const { client, clock, server } = bulkBench({ latencyMs: 80 });
    await clock.run(
      client.bulkUpsert("docs", records(100), { timeoutMs: 100, maxBatchPoints: 10, concurrency: 1 }),
    );
    expect(clock.now()).toBe(800);
    expect(server.requests.map(({ deadline, atMs }) => deadline - atMs)).toEqual(Array(10).fill(100));
  });

  it("stops the load when it passes", async () => {
    const { client, clock } = bulkBench({ latencyMs: ({ number }) => (number === 3 ? 500 : 80) });
    const error = await rejection(
      BulkUpsertError,
      clock.run(
        client.bulkUpsert("docs", records(100), { timeoutMs: 100, maxBatchPoints: 10, concurrency: 1 }),
      ),
    );
    expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED", checkpoint: { records: 20 } });
  });
});

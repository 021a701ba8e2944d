import { describe, expect, it } from "vitest";
import { type BulkProgress, TransportFailure } from "../../src/index.ts";
import { bulkBench, CountedSource, record, records } from "./support/bulk-bench.ts";

describe("what is taken from the source and not settled", () => {
  it.each([
    [1, 10],
    [3, 7],
    [8, 25],
  ])("stays within %i batches under way and one more, of %i records", async (concurrency, maxBatchPoints) => {
    let settled = 0;
    let most = 0;
    const { client, clock, server } = bulkBench({ latencyMs: 50 });
    const source: CountedSource = new CountedSource(records(2_000), () => {
      most = Math.max(most, source.pulled - settled);
    });
    await clock.run(
      client.bulkUpsert("docs", source, {
        concurrency,
        maxBatchPoints,
        onProgress: ({ accepted }) => {
          settled = accepted;
        },
      }),
    );
    // One record may be in hand that did not fit.
    expect(most).toBeLessThanOrEqual((concurrency + 1) * maxBatchPoints + 1);
    expect(most).toBeGreaterThan(concurrency * maxBatchPoints);
    expect(server.mostInFlight).toBe(concurrency);
  });

  it("stays within it where batches are bounded by their bytes", async () => {
    let most = 0;
    let settled = 0;
    const { client, clock, server } = bulkBench({ latencyMs: 50 });
    const source: CountedSource = new CountedSource(records(1_000), () => {
      most = Math.max(most, source.pulled - settled);
    });
    await clock.run(
      client.bulkUpsert("docs", source, {
        concurrency: 4,
        maxBatchBytes: 400,
        onProgress: ({ accepted }) => {
          settled = accepted;
        },
      }),
    );
    const largest = Math.max(...server.requests.map((request) => request.ids.length));
    expect(most).toBeLessThanOrEqual(5 * largest + 1);
  });

  it("is nothing while a slow source has not filled a batch", async () => {
    const { client, clock, server } = bulkBench();
    const source = async function* () {
      for (let index = 0; index < 9; index++) {
        await clock.sleep(1_000);
        yield record(index);
      }
    };
    const load = client.bulkUpsert("docs", source(), { maxBatchPoints: 4 });
    await clock.advance(3_999);
    expect(server.requests).toHaveLength(0);
    await clock.advance(1);
    expect(server.requests).toHaveLength(1);
    await clock.run(load);
    expect(server.requests.map((request) => request.ids.length)).toEqual([4, 4, 1]);
  });
});

describe("concurrency", () => {
  it("is 8 at most by default, and begins with 1", async () => {
    const { client, clock, server } = bulkBench({ latencyMs: 50 });
    await clock.run(client.bulkUpsert("docs", records(1_000), { maxBatchPoints: 10 }));
    expect(server.mostInFlight).toBe(8);
    expect(server.requests.filter(({ atMs }) => atMs === 0)).toHaveLength(1);
    expect(server.requests.filter(({ atMs }) => atMs === 50)).toHaveLength(2);
    expect(server.requests.filter(({ atMs }) => atMs === 100)).toHaveLength(4);
  });

  it("falls when answers take longer the more requests there are", async () => {
    const seen: BulkProgress[] = [];
    // One request at a time is served, in 20 ms: more only wait in line.
    let freeAtMs = 0;
    const { client, clock } = bulkBench({
      latencyMs: ({ atMs }) => {
        freeAtMs = Math.max(freeAtMs, atMs) + 20;
        return freeAtMs - atMs;
      },
    });
    await clock.run(
      client.bulkUpsert("docs", records(5_000), {
        concurrency: 64,
        maxBatchPoints: 10,
        onProgress: (progress) => seen.push(progress),
      }),
    );
    const later = seen.slice(100);
    expect(Math.max(...later.map(({ concurrency }) => concurrency))).toBeLessThan(10);
    // And the server was never idle for it.
    expect(clock.now()).toBe(500 * 20);
  });

  it("halves when requests have to be repeated, and comes back", async () => {
    const seen: number[] = [];
    const { client, clock } = bulkBench(
      {
        fault: ({ number }) =>
          number > 100 && number <= 104
            ? new TransportFailure("UNAVAILABLE", "busy", { requestSent: "yes" })
            : undefined,
      },
      { retry: { initialDelayMs: 1, maxDelayMs: 1, maxAttempts: 20 } },
    );
    await clock.run(
      client.bulkUpsert("docs", records(4_000), {
        maxBatchPoints: 10,
        onProgress: ({ concurrency }) => seen.push(concurrency),
      }),
    );
    expect(seen[50]).toBe(8);
    expect(Math.min(...seen.slice(90, 130))).toBeLessThanOrEqual(4);
    expect(seen.at(-1)).toBe(8);
  });
});

describe("onProgress", () => {
  it("tells of every settled batch, truthfully", async () => {
    const seen: BulkProgress[] = [];
    const { client, clock, server } = bulkBench({ isPoison: ({ id }) => id === "p15" });
    const report = await clock.run(
      client.bulkUpsert("docs", records(95), {
        maxBatchPoints: 10,
        concurrency: 3,
        onError: "continue",
        onProgress: (progress) => {
          seen.push(progress);
          // What is applied and not yet acknowledged does not count.
          expect(progress.accepted).toBeLessThanOrEqual(server.stored.size);
          expect(progress.inFlight).toBeLessThanOrEqual(3);
          expect(progress.elapsedMs).toBe(clock.now());
        },
      }),
    );
    expect(seen).toHaveLength(10);
    expect(seen.at(-1)).toEqual({
      accepted: 94,
      rejected: 1,
      bytes: report.bytes,
      inFlight: 0,
      concurrency: 3,
      elapsedMs: report.elapsedMs,
      checkpoint: { records: 95 },
    });
    for (const key of ["accepted", "rejected", "bytes", "elapsedMs"] as const) {
      const values = seen.map((progress) => progress[key]);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });
});

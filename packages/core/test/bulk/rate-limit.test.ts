import { describe, expect, it } from "vitest";
import { BulkUpsertError, ResourceExhaustedError, TransportFailure } from "../../src/index.ts";
import { countingSignal, rejection } from "../support.ts";
import { bulkBench, CountedSource, records } from "./support/bulk-bench.ts";

describe("a server that limits its requests per second, and counts the refused ones", () => {
  it.each([
    { rateLimit: 100, latencyMs: 2, seconds: 60 },
    { rateLimit: 100, latencyMs: 50, seconds: 60 },
    { rateLimit: 10, latencyMs: 5, seconds: 60 },
    { rateLimit: 1_000, latencyMs: 5, seconds: 30 },
  ])("is loaded near its limit with few refusals: %j", async ({ rateLimit, latencyMs, seconds }) => {
    const { client, clock, server } = bulkBench({ rateLimit, latencyMs });
    const count = rateLimit * seconds;
    const report = await clock.run(client.bulkUpsert("docs", records(count), { maxBatchPoints: 1 }));

    expect(report).toMatchObject({ accepted: count, rejected: [], attempts: count + server.refused });
    expect(server.stored.size).toBe(count);
    expect(clock.now() / 1_000).toBeLessThan(seconds / 0.9);
    expect(server.refused).toBeLessThan(Math.max(0.005 * count, 20));
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not make the load hold more records", async () => {
    let settled = 0;
    let most = 0;
    const { client, clock } = bulkBench({ rateLimit: 20, latencyMs: 5 });
    const source: CountedSource = new CountedSource(records(500), () => {
      most = Math.max(most, source.pulled - settled);
    });
    await clock.run(
      client.bulkUpsert("docs", source, {
        maxBatchPoints: 5,
        concurrency: 4,
        onProgress: ({ accepted }) => {
          settled = accepted;
        },
      }),
    );
    expect(most).toBeLessThanOrEqual(25);
  });

  it("is found again when it allows more", async () => {
    let limit = 20;
    const clockless = { used: 0, windowMs: 0 };
    const { client, clock, server } = bulkBench({
      latencyMs: 5,
      fault: ({ atMs }) => {
        if (atMs > 60_000) limit = 200;
        if (atMs - clockless.windowMs >= 1_000) Object.assign(clockless, { used: 0, windowMs: atMs });
        if (++clockless.used <= limit) return undefined;
        return new TransportFailure("RESOURCE_EXHAUSTED", "rate limit exceeded", { requestSent: "yes" });
      },
    });
    await clock.run(client.bulkUpsert("docs", records(6_000), { maxBatchPoints: 1 }));
    const inLastSecond = server.requests.filter(({ atMs }) => atMs > clock.now() - 1_000);
    expect(inLastSecond.length).toBeGreaterThan(100);
  });
});

describe("a refusal", () => {
  const refuse = (metadata: Record<string, string> = {}) =>
    new TransportFailure("RESOURCE_EXHAUSTED", "rate limit exceeded", { requestSent: "yes", metadata });

  it("holds everything for as long as the server asks", async () => {
    const { client, clock, server } = bulkBench({
      fault: ({ number }) => (number === 5 ? refuse({ "retry-after": "7" }) : undefined),
    });
    await clock.run(client.bulkUpsert("docs", records(200), { maxBatchPoints: 10, concurrency: 1 }));
    const gaps = server.requests
      .slice(1)
      .map(({ atMs }, index) => atMs - (server.requests[index]?.atMs ?? 0));
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(7_000);
    expect(Math.max(...gaps)).toBeLessThan(7_100);
    expect(server.stored.size).toBe(200);
  });

  it("is final when the server says so", async () => {
    const { client, clock } = bulkBench({ fault: () => refuse({ "grpc-retry-pushback-ms": "-1" }) });
    const error = await rejection(BulkUpsertError, clock.run(client.bulkUpsert("docs", records(10))));
    expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", report: { attempts: 1 } });
  });

  it("is final for loads whose retry codes leave it out", async () => {
    const { client, clock, server } = bulkBench({ fault: () => refuse() });
    const load = client.bulkUpsert("docs", records(10), { retry: { codes: ["UNAVAILABLE"] } });
    await rejection(BulkUpsertError, clock.run(load));
    expect(server.requests).toHaveLength(1);
  });

  it("is final after two minutes without an answer", async () => {
    const { client, clock, server } = bulkBench({ rateLimit: 0 });
    const error = await rejection(BulkUpsertError, clock.run(client.bulkUpsert("docs", records(10))));
    expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", checkpoint: { records: 0 } });
    expect(error.retryable).toBe(true);
    expect(clock.now()).toBeGreaterThan(60_000);
    expect(clock.now()).toBeLessThanOrEqual(120_010);
    expect(server.requests.length).toBeLessThan(12);
  });

  it("does not count time in which nothing was to be sent", async () => {
    const { client, clock } = bulkBench({ fault: ({ number }) => (number === 2 ? refuse() : undefined) });
    const source = async function* () {
      yield* records(20);
      await clock.sleep(300_000);
      yield* records(40).slice(20);
    };
    expect(
      await clock.run(client.bulkUpsert("docs", source(), { maxBatchPoints: 20, concurrency: 1 })),
    ).toMatchObject({ accepted: 40 });
  });

  it("counts the two minutes anew after every answer", async () => {
    const { client, clock } = bulkBench({
      fault: ({ number }) => (number % 10 === 0 ? refuse({ "retry-after": "50" }) : undefined),
    });
    const load = client.bulkUpsert("docs", records(500), { maxBatchPoints: 10, concurrency: 1 });
    expect(await clock.run(load)).toMatchObject({ accepted: 500 });
    expect(clock.now()).toBeGreaterThan(200_000);
  });

  it("does not outlast the load that it held back, and what it held is not sent", async () => {
    // The first requests find four at once to be well; then one is forbidden, after the others were refused.
    const { client, clock, server } = bulkBench({
      latencyMs: ({ number }) => (number === 8 ? 500 : 10),
      fault: ({ number }) => {
        if (number < 8) return undefined;
        if (number > 8) return refuse({ "retry-after": "60" });
        return new TransportFailure("PERMISSION_DENIED", "no", { requestSent: "yes" });
      },
    });
    const load = client.bulkUpsert("docs", records(500), { maxBatchPoints: 10, concurrency: 4 });
    const error = await rejection(BulkUpsertError, clock.run(load));
    expect(error).toMatchObject({ code: "PERMISSION_DENIED", checkpoint: { records: 70 } });
    expect(server.requests).toHaveLength(11);
    expect(clock.now()).toBeLessThan(1_000);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("getMany, deleteMany and searchMany", () => {
  /** A client whose server allows that many calls per second, all of them answered with an empty reply. */
  function limited(rateLimit: number) {
    return bulkBench({ rateLimit, latencyMs: 2 });
  }

  it("wait the limit out, and keep the order", async () => {
    const { client, clock, server } = limited(50);
    const wanted = Array.from({ length: 400 }, (_, index) => `p${index}`);
    await clock.run(client.bulkUpsert("docs", records(400)));
    const points = await clock.run(client.getMany("docs", wanted));
    expect(points.map((point) => point?.id)).toEqual(wanted);
    expect(server.refused).toBeLessThan(30);
    expect(clock.pendingTimers).toBe(0);
  });

  it("end at once when the client is closed, whatever they wait for", async () => {
    const { client, clock } = limited(0);
    const results = client.deleteMany("docs", ["a", "b", "c"], { settled: true });
    await clock.advance(100);
    await client.close();
    expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("end at once when they are aborted, and send nothing more", async () => {
    const { client, clock, server } = limited(0);
    const { controller, signal, listeners } = countingSignal();
    const results = client.searchMany("docs", [{ vector: [1] }, { vector: [2] }], { settled: true, signal });
    await clock.advance(100);
    controller.abort();
    expect(await results).toMatchObject(Array(2).fill({ status: "rejected", error: { code: "CANCELLED" } }));
    expect(server.refused).toBe(2);
    expect(listeners()).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("let a failure end the wait of the others", async () => {
    const { client, clock } = bulkBench({ latencyMs: 2, rateLimit: 2 });
    await clock.run(client.bulkUpsert("docs", records(1)));
    const reading = client.getMany("docs", ["p0", "p0", "p0"], { retry: { codes: [] } });
    await rejection(ResourceExhaustedError, clock.run(reading));
    expect(clock.pendingTimers).toBe(0);
  });

  it("give a refusal up where retry codes leave it out, each in its place with settled: true", async () => {
    const { client, clock } = limited(3);
    const options = { retry: { codes: [] }, concurrency: 1, settled: true } as const;
    const results = await clock.run(client.deleteMany("docs", ["a", "b", "c", "d"], options));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
    expect(results[3]).toMatchObject({ error: expect.any(ResourceExhaustedError) });
  });
});

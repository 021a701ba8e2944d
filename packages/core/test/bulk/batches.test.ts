import { describe, expect, it } from "vitest";
import { sizeUpsertRequest } from "../../src/gen/vectron/v1/size.ts";
import { bulkBench, ids, record, records } from "./support/bulk-bench.ts";

/** The exact size of a request with these records. */
function sizeOf(count: number, from = 0): number {
  const points = Array.from({ length: count }, (_, offset) => {
    const { id, vector, payload = {} } = record(from + offset);
    return { id, vector: Float32Array.from(vector), payload };
  });
  return sizeUpsertRequest({ collection: "docs", points });
}

describe("maxBatchPoints", () => {
  it("bounds the records of a request", async () => {
    const { client, clock, server } = bulkBench();
    await clock.run(client.bulkUpsert("docs", records(100), { maxBatchPoints: 30, concurrency: 1 }));
    expect(server.requests.map((request) => request.ids.length)).toEqual([30, 30, 30, 10]);
    expect(server.requests.flatMap((request) => request.ids)).toEqual(ids(100));
  });

  it("is 480 by default", async () => {
    const { client, clock, server } = bulkBench();
    await clock.run(client.bulkUpsert("docs", records(600)));
    expect(server.requests.map((request) => request.ids.length)).toEqual([480, 120]);
  });
});

describe("maxBatchBytes", () => {
  it("bounds the protobuf size of a request, to the byte", async () => {
    const maxBatchBytes = sizeOf(10, 100);
    const fits = bulkBench();
    const source = records(110).slice(100);
    await fits.clock.run(fits.client.bulkUpsert("docs", source, { maxBatchBytes }));
    expect(fits.server.requests.map((request) => request.ids.length)).toEqual([10]);

    const over = bulkBench();
    await over.clock.run(over.client.bulkUpsert("docs", source, { maxBatchBytes: maxBatchBytes - 1 }));
    expect(over.server.requests.map((request) => request.ids.length)).toEqual([9, 1]);
  });

  it("is 512 KiB by default", async () => {
    const { client, clock, server } = bulkBench();
    const source = Array.from({ length: 40 }, (_, index) => ({
      id: `p${index}`,
      vector: new Float32Array(16_384).fill(1),
    }));
    await clock.run(client.bulkUpsert("docs", source));
    const sizes = server.requests.map(({ bytes }) => bytes);
    expect(sizes).toHaveLength(6);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(524_288);
    expect(sizes[0]).toBeGreaterThan(524_288 - 66_000);
  });

  it("never exceeds the transport's limit", async () => {
    const { client, clock, server } = bulkBench({ maxSendBytes: sizeOf(4) });
    await clock.run(client.bulkUpsert("docs", records(9), { maxBatchBytes: 1_000_000 }));
    expect(server.requests.map((request) => request.ids.length)).toEqual([4, 4, 1]);
  });

  it("lets a larger record go alone, in its place", async () => {
    const { client, clock, server } = bulkBench();
    const source = records(5).map((point, index) =>
      index === 2 ? { ...point, payload: { text: "x".repeat(10_000) } } : point,
    );
    await clock.run(client.bulkUpsert("docs", source, { maxBatchBytes: 1_000, concurrency: 1 }));
    expect(server.requests.map((request) => request.ids)).toEqual([["p0", "p1"], ["p2"], ["p3", "p4"]]);
  });
});

it("counts the bytes that were acknowledged, with the ids and texts as UTF-8", async () => {
  const { client, clock, server } = bulkBench();
  const source = records(50).map((point, index) => ({ ...point, id: `ключ-🙂-${index}` }));
  const report = await clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 7 }));
  expect(report.bytes).toBe(server.requests.reduce((sum, { bytes }) => sum + bytes, 0));
});

describe("a request that is too large for the server", () => {
  it("is halved until its parts fit, and later ones are smaller from the start", async () => {
    const { client, clock, server } = bulkBench({ maxRequestBytes: sizeOf(10, 900) });
    const report = await clock.run(
      client.bulkUpsert("docs", records(1_000), { maxBatchPoints: 64, concurrency: 1 }),
    );
    expect(report).toMatchObject({ accepted: 1_000, rejected: [] });
    const tooLarge = server.requests.filter((request) => request.ids.length > 12);
    // 64 falls to 8 by 1 + 2 + 4 refusals, and once more for the batch that was full by then.
    expect(tooLarge.length).toBeLessThanOrEqual(14);
    expect(tooLarge.every(({ number }) => number <= 30)).toBe(true);
    expect(server.stored.size).toBe(1_000);
  });

  it("costs one record where that is too large by itself", async () => {
    const { client, clock, server } = bulkBench({ maxRequestBytes: 2_000 });
    const source = records(40).map((point, index) =>
      index === 17 ? { ...point, payload: { text: "x".repeat(3_000) } } : point,
    );
    const report = await clock.run(client.bulkUpsert("docs", source, { onError: "continue" }));
    expect(report.accepted).toBe(39);
    expect(report.rejected).toMatchObject([
      { id: "p17", index: 17, error: { name: "ResourceExhaustedError", retryable: false } },
    ]);
    expect(server.stored.has("p17")).toBe(false);
  });

  it("is not even sent where it exceeds the transport's limit", async () => {
    const { client, clock, server } = bulkBench({ maxSendBytes: 2_000 });
    const source = records(3).map((point, index) =>
      index === 1 ? { ...point, payload: { text: "x".repeat(3_000) } } : point,
    );
    const report = await clock.run(client.bulkUpsert("docs", source, { onError: "continue" }));
    expect(report.rejected).toMatchObject([{ id: "p1", index: 1, error: { code: "RESOURCE_EXHAUSTED" } }]);
    expect(report.rejected[0]?.error.message).toMatch(/takes 30\d\d bytes .* the limit is 2000/);
    expect(server.requests.map((request) => request.ids)).toEqual([["p0", "p2"]]);
  });
});

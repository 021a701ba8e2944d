import { expect, it } from "vitest";
import { type PointInput, TransportFailure } from "../../src/index.ts";
import { bulkBench, CountedSource } from "./support/bulk-bench.ts";

/** Versions of few ids, in turn: the vector of each record is its place in the source. */
function versions(count: number, idCount: number): PointInput[] {
  return Array.from({ length: count }, (_, index) => ({ id: `p${index % idCount}`, vector: [index] }));
}

function expectLatest(
  stored: ReadonlyMap<string, { vector: number[] }>,
  source: readonly PointInput[],
): void {
  const latest = new Map(source.map(({ id, vector }) => [id, [...(vector as number[])]]));
  expect(new Map([...stored].map(([id, { vector }]) => [id, vector]))).toEqual(latest);
}

it.each([1, 3, 10, 11, 64])("of records that share one of %i ids the last is stored", async (idCount) => {
  // The later a request, the sooner it is served: whatever were under way together would be turned round.
  const { client, clock, server } = bulkBench({ latencyMs: ({ number }) => Math.max(1, 500 - number) });
  const source = versions(500, idCount);
  await clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 10 }));
  expectLatest(server.stored, source);
  expect(server.overlapped).toBe(false);
});

it("an older record that is sent again does not replace a newer one", async () => {
  const { client, clock, server } = bulkBench(
    {
      appliesFaulty: true,
      fault: ({ number }) => {
        if (number % 12 !== 0) return undefined;
        return new TransportFailure("UNAVAILABLE", "the answer is lost", { requestSent: "yes" });
      },
      latencyMs: ({ number }) => 10 + ((number * 37) % 100),
    },
    { retry: { maxAttempts: 10 } },
  );
  const source = versions(400, 23);
  const report = await clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 10 }));
  expect(report.accepted).toBe(400);
  expect(report.attempts).toBeGreaterThan(42);
  expectLatest(server.stored, source);
});

it("the halves of a batch that is halved keep their order", async () => {
  const { client, clock, server } = bulkBench({
    isPoison: ({ id }) => id === "bad",
    latencyMs: ({ number }) => Math.max(1, 100 - number),
  });
  const source = versions(40, 4).map((point, index) => (index % 9 === 5 ? { ...point, id: "bad" } : point));
  await clock.run(client.bulkUpsert("docs", source, { onError: "continue", maxBatchPoints: 40 }));
  expectLatest(
    server.stored,
    source.filter(({ id }) => id !== "bad"),
  );
});

it("records without a shared id still go at once", async () => {
  const { client, clock, server } = bulkBench({ latencyMs: 50 });
  const source = new CountedSource(versions(1_000, 1_000));
  await clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 10, concurrency: 5 }));
  expect(server.mostInFlight).toBe(5);
});

import { expect, it } from "vitest";
import { BulkUpsertError, FailedPreconditionError, TransportFailure } from "../../src/index.ts";
import { rejection } from "../support.ts";
import { bulkBench, ids, record, records } from "./support/bulk-bench.ts";

it("sends what has not filled a batch, and resolves once all of it is written", async () => {
  const { client, clock, server } = bulkBench({ latencyMs: 50 });
  const writer = client.bulkWriter("docs", { maxBatchPoints: 10 });
  for (const point of records(13)) void writer.write(point);
  const flushed = writer.flush();
  await clock.run(flushed);
  expect([...server.stored.keys()].sort()).toEqual(ids(13).sort());
  expect(server.requests.map((request) => request.ids.length)).toEqual([10, 3]);
  expect(await clock.run(writer.close())).toMatchObject({ accepted: 13, attempts: 2 });
});

it("leaves the writer as it was: more can be written and flushed", async () => {
  const { client, clock, server } = bulkBench();
  const writer = client.bulkWriter("docs");
  for (let index = 0; index < 3; index++) {
    await writer.write(record(index));
    await clock.run(writer.flush());
    expect([...server.stored.keys()]).toEqual(ids(index + 1));
  }
  expect(await clock.run(writer.close())).toMatchObject({ accepted: 3, attempts: 3 });
});

it("keeps writes that are not awaited in order, before it and after it", async () => {
  const { client, clock, server } = bulkBench({ latencyMs: 10 });
  const writer = client.bulkWriter("docs", { maxBatchPoints: 4, concurrency: 1 });
  const all = records(20);
  for (const point of all.slice(0, 10)) void writer.write(point);
  const flushed = writer.flush();
  for (const point of all.slice(10)) void writer.write(point);
  await clock.run(flushed);
  expect(server.stored.size).toBe(10);
  await clock.run(writer.close());
  expect(server.requests.flatMap((request) => request.ids)).toEqual(ids(20));
});

it("sends nothing where nothing was written", async () => {
  const { client, clock, server } = bulkBench();
  const writer = client.bulkWriter("docs");
  await clock.run(writer.flush());
  expect(server.requests).toEqual([]);
});

it("rejects when what it sends stops the load", async () => {
  const fault = () => new TransportFailure("PERMISSION_DENIED", "not yours", { requestSent: "yes" });
  const { client, clock } = bulkBench({ fault });
  const writer = client.bulkWriter("docs");
  await writer.write(record(0));
  const error = await rejection(BulkUpsertError, clock.run(writer.flush()));
  expect(error).toMatchObject({ code: "PERMISSION_DENIED", checkpoint: { records: 0 } });
});

it("rejects after close", async () => {
  const { client, clock } = bulkBench();
  const writer = client.bulkWriter("docs");
  await clock.run(writer.close());
  await rejection(FailedPreconditionError, writer.flush());
});

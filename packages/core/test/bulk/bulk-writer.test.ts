import { describe, expect, it } from "vitest";
import {
  type BulkProgress,
  BulkUpsertError,
  type BulkWriter,
  FailedPreconditionError,
  InvalidArgumentError,
  type Payload,
  TransportFailure,
} from "../../src/index.ts";
import { rejection } from "../support.ts";
import { bulkBench, ids, record, records } from "./support/bulk-bench.ts";

const FORBIDDEN = new TransportFailure("PERMISSION_DENIED", "not yours", { requestSent: "yes" });

async function writeAll(writer: BulkWriter<Payload>, count: number): Promise<void> {
  for (const point of records(count)) await writer.write(point);
}

describe("write", () => {
  it("hands records over, which close sends and reports", async () => {
    const { client, clock, server } = bulkBench();
    const writer = client.bulkWriter("docs", { maxBatchPoints: 10 });
    const written = writeAll(writer, 95).then(() => writer.close());
    expect(await clock.run(written)).toMatchObject({ accepted: 95, rejected: [], attempts: 10 });
    expect([...server.stored.keys()].sort()).toEqual(ids(95).sort());
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits while there is no room", async () => {
    const { client, clock, server } = bulkBench({ latencyMs: 100 });
    const writer = client.bulkWriter("docs", { maxBatchPoints: 10, concurrency: 2 });
    let written = 0;
    const all = (async () => {
      for (const point of records(100)) {
        await writer.write(point);
        written++;
      }
    })();
    await clock.advance(99);
    // One batch is under way, and the next is full: its last record has to wait.
    expect(written).toBe(19);
    expect(server.requests).toHaveLength(1);
    await clock.run(all);
    await clock.run(writer.close());
    expect(server.mostInFlight).toBe(2);
  });

  it("takes a copy at once", async () => {
    const { client, clock, server } = bulkBench();
    const writer = client.bulkWriter("docs");
    const vector = new Float32Array(1);
    for (let index = 0; index < 5; index++) {
      vector[0] = index;
      await writer.write({ id: `p${index}`, vector });
    }
    await clock.run(writer.close());
    expect([...server.stored.values()].map((point) => point.vector)).toEqual([[0], [1], [2], [3], [4]]);
  });

  it("keeps the order of writes that are not awaited, and loses none", async () => {
    const { client, clock, server } = bulkBench();
    const writer = client.bulkWriter("docs", { maxBatchPoints: 10, concurrency: 1 });
    for (const point of records(95)) void writer.write(point);
    expect(await clock.run(writer.close())).toMatchObject({ accepted: 95 });
    expect(server.requests.flatMap((request) => request.ids)).toEqual(ids(95));
  });

  it("rejects when the load has stopped, and leaves nothing unhandled where close tells as well", async () => {
    const { client, clock } = bulkBench({ fault: () => FORBIDDEN });
    const writer = client.bulkWriter("docs", { maxBatchPoints: 10 });
    for (const point of records(95)) void writer.write(point);
    const error = await rejection(BulkUpsertError, clock.run(writer.close()));
    expect(error).toMatchObject({ code: "PERMISSION_DENIED", checkpoint: { records: 0 } });
  });

  it("rejects the record that is wrong, once what came before it is written", async () => {
    const { client, clock, server } = bulkBench();
    const writer = client.bulkWriter("docs");
    await writer.write(record(0));
    const error = await rejection(BulkUpsertError, clock.run(writer.write({ id: "", vector: [1] })));
    expect(error.report).toMatchObject({ accepted: 1, rejected: [{ id: "", index: 1 }] });
    expect(server.stored.size).toBe(1);
    expect(await rejection(BulkUpsertError, writer.write(record(2)))).toBe(error);
    expect(await rejection(BulkUpsertError, writer.close())).toBe(error);
  });

  it("goes on after a wrong record with onError: continue", async () => {
    const { client, clock } = bulkBench();
    const writer = client.bulkWriter("docs", { onError: "continue" });
    await writer.write(record(0));
    await writer.write({ id: "", vector: [1] });
    await writer.write(record(2));
    expect(await clock.run(writer.close())).toMatchObject({ accepted: 2, rejected: [{ id: "", index: 1 }] });
  });

  it("skips what resumeFrom says is settled", async () => {
    const { client, clock, server } = bulkBench();
    const writer = client.bulkWriter("docs", { resumeFrom: { records: 90 } });
    await writeAll(writer, 95);
    await clock.run(writer.close());
    expect([...server.stored.keys()]).toEqual(ids(95).slice(90));
  });

  it("is refused after close", async () => {
    const { client, clock } = bulkBench();
    const writer = client.bulkWriter("docs");
    await clock.run(writer.close());
    await rejection(FailedPreconditionError, writer.write(record(0)));
  });
});

describe("close", () => {
  it("may be called again, and gives the same report", async () => {
    const { client, clock } = bulkBench();
    const writer = client.bulkWriter("docs");
    await writer.write(record(0));
    const [first, second] = await clock.run(Promise.all([writer.close(), writer.close()]));
    expect(first).toBe(second);
    expect(first.accepted).toBe(1);
  });

  it("of a writer without records sends nothing", async () => {
    const { client, clock, server } = bulkBench();
    expect(await clock.run(client.bulkWriter("docs").close())).toMatchObject({ accepted: 0, attempts: 0 });
    expect(server.requests).toHaveLength(0);
  });
});

describe("abort", () => {
  it("cancels what is under way, and close says so", async () => {
    const { client, clock, server } = bulkBench({ latencyMs: 1_000 });
    const writer = client.bulkWriter("docs", { maxBatchPoints: 2 });
    await writer.write(record(0));
    await writer.write(record(1));
    await clock.advance(0);
    expect(server.inFlight).toBe(1);
    await writer.abort(new RangeError("enough"));
    expect(server.inFlight).toBe(0);
    const error = await rejection(BulkUpsertError, writer.close());
    expect(error).toMatchObject({ code: "CANCELLED", checkpoint: { records: 0 }, report: { accepted: 0 } });
    expect((error.cause as Error).cause).toBeInstanceOf(RangeError);
    expect(clock.pendingTimers).toBe(0);
  });

  it("releases a write that waits", async () => {
    const { client, clock } = bulkBench({ latencyMs: 1_000 });
    const writer = client.bulkWriter("docs", { maxBatchPoints: 1, concurrency: 1 });
    await writer.write(record(0));
    const waiting = rejection(BulkUpsertError, writer.write(record(1)));
    await clock.advance(10);
    await writer.abort();
    expect(await waiting).toMatchObject({ code: "CANCELLED" });
  });
});

describe("await using", () => {
  it("closes the writer", async () => {
    const { client, clock, server } = bulkBench();
    const work = async () => {
      await using writer = client.bulkWriter("docs");
      await writeAll(writer, 5);
    };
    await clock.run(work());
    expect(server.stored.size).toBe(5);
  });

  it("rejects when what is left cannot be written", async () => {
    const { client, clock } = bulkBench({ fault: () => FORBIDDEN });
    const work = async () => {
      await using writer = client.bulkWriter("docs");
      await writeAll(writer, 5);
    };
    await rejection(BulkUpsertError, clock.run(work()));
  });

  it("does not wrap the error that write or close has given already", async () => {
    const { client, clock } = bulkBench({ fault: () => FORBIDDEN });
    const writing = async () => {
      await using writer = client.bulkWriter("docs", { maxBatchPoints: 10 });
      await writeAll(writer, 100);
    };
    await rejection(BulkUpsertError, clock.run(writing()));
    const closing = async () => {
      await using writer = client.bulkWriter("docs");
      await writeAll(writer, 5);
      await writer.close();
    };
    await rejection(BulkUpsertError, clock.run(closing()));
  });

  it("leaves a writer alone that was aborted", async () => {
    const { client, clock } = bulkBench();
    const work = async () => {
      await using writer = client.bulkWriter("docs");
      await writeAll(writer, 5);
      await writer.abort();
    };
    await clock.run(work());
  });
});

describe("progress", () => {
  it("brings every state to a reader that keeps up, and ends with the load", async () => {
    const { client, clock } = bulkBench();
    const writer = client.bulkWriter("docs", { maxBatchPoints: 10, concurrency: 1 });
    const seen: BulkProgress[] = [];
    const reading = (async () => {
      for await (const progress of writer.progress) seen.push(progress);
    })();
    await clock.run(writeAll(writer, 45).then(() => writer.close()));
    await reading;
    expect(seen.map(({ accepted }) => accepted)).toEqual([10, 20, 30, 40, 45]);
  });

  it("brings the latest state to a reader that comes late", async () => {
    const { client, clock } = bulkBench();
    const writer = client.bulkWriter("docs", { maxBatchPoints: 10 });
    await clock.run(writeAll(writer, 45).then(() => writer.close()));
    const seen: BulkProgress[] = [];
    for await (const progress of writer.progress) seen.push(progress);
    expect(seen.map(({ accepted }) => accepted)).toEqual([45]);
  });

  it("ends when the load stops between two writes", async () => {
    const { client, clock } = bulkBench({ fault: ({ number }) => (number === 2 ? FORBIDDEN : undefined) });
    const writer = client.bulkWriter("docs", { maxBatchPoints: 10, concurrency: 1 });
    const seen: BulkProgress[] = [];
    const reading = (async () => {
      for await (const progress of writer.progress) seen.push(progress);
    })();
    await clock.run(writeAll(writer, 20));
    await clock.run(reading);
    expect(seen.map(({ accepted }) => accepted)).toEqual([10, 10]);
    await rejection(BulkUpsertError, writer.write(record(21)));
  });
});

it("is refused at once for an option that is wrong", () => {
  const { client } = bulkBench();
  expect(() => client.bulkWriter("docs", { concurrency: 0 })).toThrow(InvalidArgumentError);
  expect(() => client.bulkWriter("")).toThrow(InvalidArgumentError);
});

it("belongs to a collection as well", async () => {
  const { client, clock, server } = bulkBench();
  const writer = client.collection("numbers").bulkWriter();
  await writer.write(record(0));
  await clock.run(writer.close());
  expect(server.requests[0]?.collection).toBe("numbers");
});

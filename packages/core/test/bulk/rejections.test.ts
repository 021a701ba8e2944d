import { describe, expect, it } from "vitest";
import {
  BulkUpsertError,
  type Payload,
  type PointInput,
  TransportFailure,
  VectronError,
} from "../../src/index.ts";
import { fail } from "../../src/testing/index.ts";
import { bench, rejection } from "../support.ts";
import { bulkBench, CountedSource, ids, record, records } from "./support/bulk-bench.ts";

const isPoison = ({ id }: { id: string }) => id.startsWith("bad");

/** Records of which some, by their index, are refused by the server. */
function withPoison(count: number, ...poison: number[]): PointInput[] {
  return Array.from({ length: count }, (_, index) =>
    record(index, poison.includes(index) ? `bad${index}` : `p${index}`),
  );
}

const WRONG_RECORDS: Record<string, unknown> = {
  "no object": 7,
  "no record at all": undefined,
  "no id": { vector: [1, 2] },
  "an empty id": { id: "", vector: [1, 2] },
  "an id that is no Unicode": { id: "\ud800", vector: [1, 2] },
  "no vector": { id: "x" },
  "an empty vector": { id: "x", vector: [] },
  "a component that is no number": { id: "x", vector: [1, "2"] },
  "a component that is not finite": { id: "x", vector: [1, Number.NaN] },
  "a payload of numbers": { id: "x", vector: [1, 2], payload: { n: 1 } },
  "a property that is not known": { id: "x", vector: [1, 2], metadata: {} },
};

describe.each(Object.entries(WRONG_RECORDS))("a record with %s", (_name, wrong) => {
  const source = () => [record(0), record(1), wrong as PointInput, record(3), record(4)];
  const id =
    typeof (wrong as { id?: unknown } | undefined)?.id === "string"
      ? (wrong as { id: string }).id
      : undefined;

  it("is reported and passed over with onError: continue", async () => {
    const { client, clock, server } = bulkBench();
    const report = await clock.run(client.bulkUpsert("docs", source(), { onError: "continue" }));
    expect(report.accepted).toBe(4);
    expect(report.rejected).toMatchObject([{ id, index: 2, error: { name: "InvalidArgumentError" } }]);
    expect(report.attempts).toBe(1);
    expect([...server.stored.keys()]).toEqual(["p0", "p1", "p3", "p4"]);
  });

  it("stops the load otherwise, once what came before it is written", async () => {
    const { client, clock, server } = bulkBench();
    const items = new CountedSource(source());
    const error = await rejection(BulkUpsertError, clock.run(client.bulkUpsert("docs", items)));
    expect(error).toMatchObject({
      name: "BulkUpsertError",
      code: "INVALID_ARGUMENT",
      method: "Upsert",
      collection: "docs",
      checkpoint: { records: 3 },
    });
    expect(error.message).toMatch(/^the bulk upsert into "docs" stopped at record 2/);
    expect(error.message).toMatch(/\(2 records were written, 1 rejected\)$/);
    expect(error.report).toMatchObject({ accepted: 2, rejected: [{ id, index: 2 }] });
    expect(error.cause).toBe(error.report.rejected[0]?.error);
    expect([...server.stored.keys()]).toEqual(["p0", "p1"]);
    expect(items).toMatchObject({ pulled: 3, returned: 1 });
  });
});

it.each(["at once", "later"])("a record whose codec throws %s is rejected with that", async (when) => {
  const { client, clock } = bulkBench();
  const codec = {
    encode: (_argument: string, payload: unknown): Payload | Promise<Payload> => {
      if (payload === undefined) return {};
      if (when === "later") return Promise.reject("not today");
      throw "not today";
    },
    decode: () => undefined,
  };
  const source = [
    { id: "a", vector: [1] },
    { id: "b", vector: [1], payload: 7 },
    { id: "c", vector: [1] },
  ];
  const collection = client.collection<unknown>("docs", { codec });
  const report = await clock.run(collection.bulkUpsert(source, { onError: "continue" }));
  expect(report.accepted).toBe(2);
  expect(report.rejected).toMatchObject([
    { id: "b", index: 1, error: { message: "not today", cause: "not today" } },
  ]);
  expect(report.rejected[0]?.error).toBeInstanceOf(Error);
});

describe("a record that the server refuses", () => {
  it.each([[[0]], [[99]], [[37]], [[0, 1]], [[10, 11, 12, 13, 50, 98, 99]], [[...Array(100).keys()]]])(
    "is found among the others: %j",
    async (poison) => {
      const { client, clock, server } = bulkBench({ isPoison });
      const report = await clock.run(
        client.bulkUpsert("docs", withPoison(100, ...poison), { maxBatchPoints: 32, onError: "continue" }),
      );
      expect(report.accepted).toBe(100 - poison.length);
      expect(report.rejected.map(({ id, index }) => ({ id, index }))).toEqual(
        poison.map((index) => ({ id: `bad${index}`, index })),
      );
      expect(report.rejected[0]?.error).toMatchObject({
        code: "INVALID_ARGUMENT",
        attempts: [{ number: 1 }],
      });
      expect([...server.stored.keys()].sort()).toEqual(
        ids(100)
          .filter((_, index) => !poison.includes(index))
          .sort(),
      );
      expect(report.attempts).toBe(server.requests.length);
    },
  );

  it("takes a number of requests that grows with the logarithm of the batch", async () => {
    const { client, clock, server } = bulkBench({ isPoison });
    await clock.run(client.bulkUpsert("docs", withPoison(256, 200), { onError: "continue" }));
    expect(server.requests).toHaveLength(1 + 2 * Math.log2(256));
  });

  it("stops the load otherwise, named, with the records after it not sent", async () => {
    const { client, clock, server } = bulkBench({ isPoison });
    const source = new CountedSource(withPoison(1_000, 37, 45));
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 64, concurrency: 1 })),
    );
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.report.rejected).toMatchObject([{ id: "bad37", index: 37 }]);
    expect(error.message).toMatch(/stopped at record 37 \(id "bad37"\): a point is invalid/);
    expect(error.checkpoint).toEqual({ records: 38 });
    expect(error.report.accepted).toBe(37);
    expect([...server.stored.keys()].sort()).toEqual(ids(37).sort());
    expect(source.pulled).toBeLessThanOrEqual(129);
    expect(source.returned).toBe(1);
  });

  it("lets the batches that are under way with it finish", async () => {
    const { client, clock, server } = bulkBench({
      isPoison,
      // The batch with the poison answers first.
      latencyMs: ({ ids: [id] }) => (id === "p30" || id?.startsWith("bad") ? 10 : 50),
    });
    const warm = records(30);
    const source = [...warm, ...withPoison(70, 30).slice(30)];
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 10, concurrency: 4 })),
    );
    expect(error.report.rejected).toMatchObject([{ id: "bad30" }]);
    expect(error.report.accepted).toBe(server.stored.size);
    expect(server.inFlight).toBe(0);
  });
});

describe("maxRejected", () => {
  it("stops a load of which too much is wrong", async () => {
    const { client, clock } = bulkBench({ isPoison });
    const source = withPoison(1_000, ...Array(1_000).keys());
    const error = await rejection(
      BulkUpsertError,
      clock.run(
        client.bulkUpsert("docs", source, {
          onError: "continue",
          maxRejected: 5,
          maxBatchPoints: 16,
          concurrency: 1,
        }),
      ),
    );
    expect(error.report.rejected).toHaveLength(6);
    expect(error.message).toMatch(/at record 5 \(id "bad5"\), after more than 5 were rejected/);
    expect(error.checkpoint).toEqual({ records: 6 });
  });

  it("does not count on loads that stop anyway, and bears its own number", async () => {
    const { client, clock } = bulkBench({ isPoison });
    const report = await clock.run(
      client.bulkUpsert("docs", withPoison(20, 3, 5, 7), { onError: "continue", maxRejected: 3 }),
    );
    expect(report.rejected.map(({ index }) => index)).toEqual([3, 5, 7]);
  });
});

describe("the dimension", () => {
  it("is the client's where it has one", async () => {
    const { client, clock, server } = bulkBench({}, { expectedDimension: 2 });
    const source = [{ id: "a", vector: [1] }, record(1)];
    const report = await clock.run(client.bulkUpsert("docs", source, { onError: "continue" }));
    expect(report.rejected).toMatchObject([{ id: "a", index: 0 }]);
    expect(server.requests).toHaveLength(1);
  });

  it("is otherwise learnt from the first vectors that the server took, not from the first record", async () => {
    const { client, clock, server } = bulkBench({ isPoison: ({ vector }) => vector.length !== 2 });
    const source = [{ id: "bad", vector: [1] }, ...records(100), { id: "late", vector: [1, 2, 3] }];
    const report = await clock.run(
      client.bulkUpsert("docs", source, { onError: "continue", maxBatchPoints: 10, concurrency: 1 }),
    );
    expect(report.rejected).toMatchObject([
      { id: "bad", index: 0, error: { message: expect.stringContaining("a point is invalid") } },
      { id: "late", index: 101, error: { message: expect.stringMatching(/must have 2 components, got 3/) } },
    ]);
    expect(server.requests.every((request) => !request.ids.includes("late"))).toBe(true);
  });
});

describe("a failure that says nothing about a record", () => {
  const CODES = [
    "UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "INTERNAL",
    "NOT_FOUND",
    "UNAUTHENTICATED",
    "UNKNOWN",
  ] as const;

  it.each(CODES)("stops every load with a checkpoint: %s", async (code) => {
    const { client, clock, server } = bulkBench({
      fault: ({ ids: [id] }) =>
        Number(id?.slice(1)) >= 40
          ? new TransportFailure(code, "no more", { requestSent: "yes" })
          : undefined,
    });
    const source = new CountedSource(records(100));
    const error = await rejection(
      BulkUpsertError,
      clock.run(
        client.bulkUpsert("docs", source, {
          onError: "continue",
          maxBatchPoints: 10,
          retry: { maxAttempts: 1 },
        }),
      ),
    );
    expect(error).toMatchObject({
      code,
      checkpoint: { records: 40 },
      report: { accepted: 40, rejected: [] },
    });
    expect(error.cause).toBeInstanceOf(VectronError);
    expect(error.attempts).toHaveLength(1);
    expect(server.stored.size).toBe(40);
    expect(source.returned).toBe(1);
  });

  it("is retried first, and every attempt counts", async () => {
    const { client, clock, server } = bulkBench({
      fault: ({ number }) =>
        number === 2 || number === 3
          ? new TransportFailure("UNAVAILABLE", "gone", { requestSent: "yes" })
          : undefined,
    });
    const report = await clock.run(
      client.bulkUpsert("docs", records(40), { maxBatchPoints: 10, concurrency: 1 }),
    );
    expect(report).toMatchObject({ accepted: 40, attempts: 6 });
    expect(server.requests).toHaveLength(6);
  });

  it("is an acknowledgement of fewer records than were sent", async () => {
    const { client, clock } = bulkBench({
      upserted: ({ number, ids: { length } }) => (number === 2 ? length - 1 : length),
    });
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", records(40), { maxBatchPoints: 10, concurrency: 1 })),
    );
    expect(error).toMatchObject({ code: "INTERNAL", checkpoint: { records: 10 }, report: { accepted: 10 } });
    expect(error.message).toMatch(/acknowledged 9 of the 10 records/);
  });

  it("is the source's own; what it gave before is written", async () => {
    const { client, clock, server } = bulkBench();
    const failing = async function* () {
      yield* records(25);
      throw new RangeError("the file ends in the middle of a line");
    };
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", failing(), { maxBatchPoints: 10 })),
    );
    expect(error).toMatchObject({ code: "UNKNOWN", checkpoint: { records: 25 }, report: { accepted: 25 } });
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.message).toMatch(/stopped because its source failed after 25 records: the file ends/);
    expect(server.stored.size).toBe(25);
  });

  it.each([
    [
      "throws",
      () => ({
        next: () => {
          throw new RangeError("no");
        },
      }),
    ],
    ["gives no step", () => ({ next: () => undefined })],
    ["gives no step later", () => ({ next: async () => undefined })],
  ])("is an iterator that %s", async (_name, iterator) => {
    const { client, clock } = bulkBench();
    let returned = 0;
    const source = { [Symbol.iterator]: () => ({ ...iterator(), return: () => ++returned }) };
    const load = client.bulkUpsert("docs", source as unknown as Iterable<PointInput<Payload>>);
    const error = await rejection(BulkUpsertError, clock.run(load));
    expect(error).toMatchObject({ code: "UNKNOWN", checkpoint: { records: 0 } });
    // As in a for loop, an iterator that has failed is not told that it is left.
    expect(returned).toBe(0);
  });

  it("is a stream's own, and the stream is let go of", async () => {
    const { client, clock } = bulkBench();
    const stream = new ReadableStream<PointInput>({
      start: (queue) => queue.enqueue(record(0)),
      pull: (queue) => queue.error(new RangeError("the connection broke")),
    });
    const error = await rejection(BulkUpsertError, clock.run(client.bulkUpsert("docs", stream)));
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(stream.locked).toBe(false);
  });

  it("is what onProgress throws", async () => {
    const { client, clock, server } = bulkBench();
    const onProgress = () => {
      throw new RangeError("no room to draw");
    };
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", records(40), { onProgress, maxBatchPoints: 10, concurrency: 1 })),
    );
    expect(error.message).toMatch(/stopped because onProgress failed: no room to draw/);
    expect(error.checkpoint).toEqual({ records: 10 });
    expect(server.stored.size).toBe(10);
  });
});

describe("onRejected", () => {
  it("is told of every rejected record before a checkpoint passes it", async () => {
    const { client, clock } = bulkBench({ isPoison });
    const told: number[] = [];
    const report = await clock.run(
      client.bulkUpsert("docs", [...withPoison(60, 3, 4, 31), { id: "", vector: [1, 2] }, ...records(9)], {
        onError: "continue",
        maxBatchPoints: 10,
        onRejected: ({ index }) => told.push(index),
        onProgress: ({ checkpoint }) => {
          for (const index of [3, 4, 31, 60]) {
            if (index < checkpoint.records) expect(told).toContain(index);
          }
        },
      }),
    );
    expect(report.rejected.map(({ index }) => index)).toEqual([3, 4, 31, 60]);
    expect(told.sort((a, b) => a - b)).toEqual([3, 4, 31, 60]);
  });

  it("stops the load with what it throws", async () => {
    const { client, clock } = bulkBench({ isPoison });
    const onRejected = () => {
      throw new RangeError("no room to write");
    };
    const error = await rejection(
      BulkUpsertError,
      clock.run(client.bulkUpsert("docs", withPoison(40, 7), { onError: "continue", onRejected })),
    );
    expect(error.message).toMatch(
      /stopped at record 7 \(id "bad7"\) because onRejected failed: no room to write/,
    );
    expect(error.report.rejected).toMatchObject([{ index: 7 }]);
  });
});

it("the error can be logged: no vectors, no rejected records one by one", async () => {
  const { client, clock } = bulkBench({ isPoison });
  const error = await rejection(BulkUpsertError, clock.run(client.bulkUpsert("docs", withPoison(10, 3))));
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    name: "BulkUpsertError",
    code: "INVALID_ARGUMENT",
    checkpoint: { records: 4 },
    report: { accepted: 3, rejected: 1, attempts: expect.any(Number), bytes: expect.any(Number) },
  });
  expect(error).toBeInstanceOf(VectronError);
  expect(BulkUpsertError.isInstance(error)).toBe(true);
});

it("a disk that is full stops the load at once: no record of it is to blame", async () => {
  const full = fail("RESOURCE_EXHAUSTED", { message: "cannot write to /data: no space left on the disk" });
  const { clock, client, transport } = bench(() => full);
  const load = client.bulkUpsert("docs", [record(0), record(1)], { onError: "continue" });
  const error = await clock.run(rejection(BulkUpsertError, load));
  expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", report: { rejected: [] } });
  expect(transport.calls).toHaveLength(1);
});

import { describe, expect, it } from "vitest";
import { type BulkSource, InvalidArgumentError, type Payload, type PointInput } from "../../src/index.ts";
import { rejection } from "../support.ts";
import { bulkBench, CountedSource, ids, record, records } from "./support/bulk-bench.ts";

function* generate(count: number): Generator<PointInput> {
  for (let index = 0; index < count; index++) yield record(index);
}

async function* generateLater(count: number): AsyncGenerator<PointInput> {
  yield* generate(count);
}

/** An async iterator by hand: thenables that are no promises, and no `return`. */
function plainAsyncIterable(count: number): AsyncIterable<PointInput> {
  const source = generate(count);
  const later = (step: IteratorResult<PointInput>) => ({
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    then: (resolve: (step: IteratorResult<PointInput>) => void) => resolve(step),
  });
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => later(source.next()) as unknown as Promise<IteratorResult<PointInput>>,
    }),
  };
}

const SOURCES: Record<string, (count: number) => BulkSource<Payload>> = {
  "an array": records,
  "a set": (count) => new Set(records(count)),
  "a generator": generate,
  "an async generator": generateLater,
  "an async iterator without return": plainAsyncIterable,
  "a web stream": (count) => ReadableStream.from(generateLater(count)),
};

describe.each(Object.entries(SOURCES))("from %s", (_name, source) => {
  it.each([0, 1, 9, 10, 11, 1_000])("writes %i records", async (count) => {
    const { client, clock, server } = bulkBench();
    const report = await clock.run(client.bulkUpsert("docs", source(count), { maxBatchPoints: 10 }));

    expect(report).toMatchObject({ accepted: count, rejected: [], attempts: Math.ceil(count / 10) });
    expect([...server.stored.keys()].sort()).toEqual(ids(count).sort());
    for (let index = 0; index < count; index++) {
      expect(server.stored.get(`p${index}`)).toEqual({
        vector: [index, index / 2],
        payload: { index: String(index) },
      });
    }
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("a source", () => {
  it.each([undefined, null, 7, "text", { next: () => ({ done: true }) }])("cannot be %j", async (source) => {
    const { client } = bulkBench();
    const error = await rejection(InvalidArgumentError, client.bulkUpsert("docs", source as never));
    expect(error.message).toMatch(/^source must be an array, an iterable/);
  });

  it("is not touched when an option is wrong", async () => {
    const { client } = bulkBench();
    const stream = new ReadableStream<PointInput>();
    await rejection(InvalidArgumentError, client.bulkUpsert("docs", stream, { concurrency: 0 }));
    expect(stream.locked).toBe(false);
  });

  it("may yield one buffer and one payload again and again", async () => {
    const { client, clock, server } = bulkBench();
    const vector = new Float32Array(2);
    const payload: Payload = {};
    const source = async function* () {
      for (let index = 0; index < 100; index++) {
        vector.set([index, -index]);
        payload.index = String(index);
        yield { id: `p${index}`, vector, payload };
      }
    };
    await clock.run(client.bulkUpsert("docs", source(), { maxBatchPoints: 7 }));

    for (let index = 0; index < 100; index++) {
      expect(server.stored.get(`p${index}`)).toEqual({
        vector: [index, index === 0 ? -0 : -index],
        payload: { index: String(index) },
      });
    }
  });

  it("may hold records that are larger than a request is by default", async () => {
    const { client, clock, server } = bulkBench();
    const long = Array.from({ length: 3 }, (_, index) => new Float32Array(200_000).fill(index + 1));
    await clock.run(
      client.bulkUpsert(
        "docs",
        long.map((vector, index) => ({ id: `p${index}`, vector })),
      ),
    );
    expect(server.requests.map((request) => request.ids)).toEqual([["p0"], ["p1"], ["p2"]]);
    expect(server.stored.get("p1")?.vector).toEqual([...(long[1] as Float32Array)]);
  });

  it("that has ended is not told so; a stream is unlocked", async () => {
    const { client, clock } = bulkBench();
    const source = new CountedSource(records(25));
    await clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 10 }));
    expect(source).toMatchObject({ pulled: 25, returned: 0 });

    const stream = ReadableStream.from(records(25));
    await clock.run(client.bulkUpsert("docs", stream));
    expect(stream.locked).toBe(false);
  });

  it("goes to one collection with its codec", async () => {
    const { client, clock, server } = bulkBench();
    const numbers = client.collection<{ n: number }>("numbers", {
      codec: {
        encode: (_argument, payload) => ({ n: String(payload?.n) }),
        decode: (_where, payload) => ({ n: Number(payload.n) }),
      },
    });
    await clock.run(numbers.bulkUpsert([{ id: "a", vector: [1], payload: { n: 7 } }]));
    expect(server.requests[0]?.collection).toBe("numbers");
    expect(server.stored.get("a")?.payload).toEqual({ n: "7" });
  });

  it("keeps its order where the codec works asynchronously", async () => {
    const { client, clock, server } = bulkBench();
    const slow = client.collection<number>("docs", {
      codec: {
        // The earlier a record, the longer its payload takes.
        encode: (_argument, n = 0) => clock.sleep(100 - n).then(() => ({ n: String(n) })),
        decode: (_where, payload) => Number(payload.n),
      },
    });
    const source = Array.from({ length: 50 }, (_, n) => ({ id: `p${n}`, vector: [n], payload: n }));
    await clock.run(slow.bulkUpsert(source, { maxBatchPoints: 8, concurrency: 1 }));
    expect(server.requests.flatMap((request) => request.ids)).toEqual(ids(50));
  });
});

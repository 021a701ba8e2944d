import { describe, expect, it } from "vitest";
import { BatchBuffer, recordSize, requestHead } from "../../src/bulk/batch-buffer.ts";
import { BatchMemory } from "../../src/bulk/batch-memory.ts";
import { BatchRequest } from "../../src/bulk/batch-request.ts";
import type { Point, UpsertRequest } from "../../src/gen/vectron/v1/messages.ts";
import { type Payload, type PointInput, VectronClient } from "../../src/index.ts";
import { reply, ScriptedTransport, VirtualClock } from "../../src/testing/index.ts";
import { binaryCodec, vectronJsonClientCodec, vectronService } from "../../src/wire/index.ts";
import { bulkBench, records } from "./support/bulk-bench.ts";

const POINTS: readonly Point[] = [
  { id: "a", vector: Float32Array.of(1, -0, 3.5), payload: { lang: "en", "": "" } },
  { id: "ключ-🙂", vector: new Float32Array(300).fill(0.25), payload: {} },
  { id: "c", vector: Float32Array.of(7), payload: { text: "ü".repeat(5_000) } },
];
const PLAIN: UpsertRequest = { collection: "docs", points: [...POINTS] };
const { encodeRequest, requestSize } = binaryCodec(vectronService.upsert);

function bufferOf(points: readonly Point[], memory = new BatchMemory(1_000_000)): BatchBuffer {
  const buffer = new BatchBuffer(memory, requestHead("docs"), 0);
  for (const point of points) buffer.add(point, recordSize(point));
  return buffer;
}

function requestOf(points: readonly Point[]): BatchRequest {
  const buffer = bufferOf(points);
  return new BatchRequest("docs", buffer, { from: 0, to: buffer.records });
}

describe("a request that is written record by record", () => {
  it("has the bytes and the size of one that is encoded at once", () => {
    const buffer = bufferOf(POINTS);
    expect(buffer.byteLength).toBe(requestSize(PLAIN));
    expect(encodeRequest(requestOf(POINTS))).toEqual(encodeRequest(PLAIN));
  });

  it("is parted into requests that have the bytes of their own records", () => {
    const buffer = bufferOf(POINTS);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 2],
      [1, 3],
    ] as const) {
      const part = encodeRequest({ collection: "docs", points: POINTS.slice(from, to) });
      expect(buffer.request({ from, to })).toEqual(part);
      expect(buffer.sizeOf({ from, to })).toBe(part.byteLength);
      expect(buffer.read({ from, to })).toEqual(POINTS.slice(from, to));
    }
  });

  it("leaves a record out that changes under its hands, and keeps the others as they are", () => {
    const buffer = bufferOf(POINTS.slice(0, 1));
    const before = buffer.request({ from: 0, to: 1 }).slice();
    let reads = 0;
    const changing = {
      id: "x",
      vector: Float32Array.of(1, 2),
      get payload(): Payload {
        return { text: "y".repeat(++reads * 10) };
      },
    };
    const size = recordSize(changing);
    expect(() => buffer.add(changing, size)).toThrow("the record changed while it was encoded");
    const shorter = { ...changing, payload: {} };
    expect(() => buffer.add(shorter, size)).toThrow("the record changed while it was encoded");
    expect(buffer.records).toBe(1);
    expect(buffer.request({ from: 0, to: 1 })).toEqual(before);
  });
});

describe("the message of such a request", () => {
  it("reads as a plain one, in every encoding", () => {
    expect({ ...requestOf(POINTS) }).toEqual(PLAIN);
    expect(structuredClone(requestOf(POINTS))).toEqual(PLAIN);
    expect(JSON.stringify(requestOf(POINTS))).toBe(JSON.stringify(PLAIN));
    const json = vectronJsonClientCodec(vectronService.upsert);
    expect(json.encodeRequest(requestOf(POINTS))).toBe(json.encodeRequest(PLAIN));
  });

  it("is encoded by its values where it is a copy with others", () => {
    const changed = { ...requestOf(POINTS), points: POINTS.slice(1) };
    expect(encodeRequest(changed)).toEqual(encodeRequest({ collection: "docs", points: POINTS.slice(1) }));
  });

  it("keeps its memory where nobody has asked for its bytes or its records", () => {
    const request = requestOf(POINTS);
    expect(request.release()).toBe(false);
    expect({ ...request }).toEqual(PLAIN);
  });

  it("keeps the records that were read, and says so where they no longer can be", () => {
    const readBefore = requestOf(POINTS);
    expect(readBefore.points).toHaveLength(3);
    expect(readBefore.release()).toBe(true);
    expect({ ...readBefore }).toEqual(PLAIN);

    const sent = requestOf(POINTS);
    encodeRequest(sent);
    expect(sent.release()).toBe(true);
    expect(() => sent.points).toThrow(/can be read while it lasts/);
  });
});

it("a scripted transport shows what was loaded when the load is over", async () => {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport({ upsert: [reply({ upserted: 2 }), reply({ upserted: 1 })] });
  const client = new VectronClient(transport, {}, clock);
  const source: PointInput[] = [
    { id: "a", vector: [1] },
    { id: "b", vector: [2], payload: { n: "2" } },
    { id: "c", vector: [3] },
  ];
  await clock.run(client.bulkUpsert("docs", source, { maxBatchPoints: 2, concurrency: 1 }));
  expect(transport.calls.map(({ message }) => message)).toEqual([
    {
      collection: "docs",
      points: [
        { id: "a", vector: Float32Array.of(1), payload: {} },
        { id: "b", vector: Float32Array.of(2), payload: { n: "2" } },
      ],
    },
    { collection: "docs", points: [{ id: "c", vector: Float32Array.of(3), payload: {} }] },
  ]);
});

it("memory of requests is lent again, and never that of an attempt that failed", async () => {
  const { client, clock, server } = bulkBench({
    latencyMs: ({ number }) => 10 + ((number * 37) % 50),
    rateLimit: 40,
  });
  await clock.run(client.bulkUpsert("docs", records(2_000), { maxBatchPoints: 10 }));
  expect(server.refused).toBeGreaterThan(0);
  expect(server.failedAttemptsIntact).toBe(true);
  expect(server.stored.size).toBe(2_000);
});

it("memory that one large record needed is not kept", () => {
  const memory = new BatchMemory(20_000);
  const large = memory.take(50_000);
  memory.giveBack(large);
  expect(memory.take(100)).not.toBe(large);
  const usual = memory.take(20_000);
  memory.giveBack(usual);
  expect(memory.take(15_000)).toBe(usual);
});

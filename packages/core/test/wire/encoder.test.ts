import { describe, expect, test } from "vitest";
import { sizePoint } from "../../src/gen/vectron/v1/size.ts";
import { encode } from "../../src/wire/binary/encode.ts";
import { getFloats, putFloats } from "../../src/wire/binary/floats.ts";
import { decode } from "../../src/wire/binary/reader.ts";
import { codecOf } from "./support/codecs.ts";

describe("a number that does not fit its type is refused by name", () => {
  const create = codecOf("vectron.v1.CreateCollectionRequest");
  const search = codecOf("vectron.v1.SearchRequest");
  const result = codecOf("vectron.v1.SearchResult");
  const status = codecOf("vectron.v1.ShardStatus");

  test.each([1.5, Number.NaN, 2 ** 31, -(2 ** 31) - 1])("int32 %d", (dimension) => {
    expect(() => encode(create, { ...create.empty(), dimension })).toThrow(
      new RangeError(`dimension: ${dimension} is not an int32`),
    );
  });

  test.each([-1, 0.5, 2 ** 32])("uint32 %d", (topK) => {
    expect(() => encode(search, { ...search.empty(), topK })).toThrow(
      new RangeError(`topK: ${topK} is not a uint32`),
    );
  });

  test.each([1e39, -1e39])("float %d", (score) => {
    expect(() => encode(result, { ...result.empty(), score })).toThrow(RangeError);
  });

  test.each(["", "x", "0x10", "1.0", "-1", "18446744073709551616"])("uint64 %j", (leaderId) => {
    expect(() => encode(status, { ...status.empty(), leaderId })).toThrow(
      new RangeError(`leaderId: ${JSON.stringify(leaderId)} is not a uint64`),
    );
    expect(() => encode(status, { ...status.empty(), replicas: ["1", leaderId] })).toThrow(/^replicas: /);
  });
});

test("a float that rounds to the largest float32 is written as it", () => {
  const result = codecOf("vectron.v1.SearchResult");
  const score = 3.40282346e38;
  expect(decode(result, encode(result, { ...result.empty(), score })).score).toBe(Math.fround(score));
});

test("lone surrogates are written as U+FFFD, and measured so", () => {
  const point = codecOf("vectron.v1.Point");
  for (const id of ["\ud800", "a\udc00b", "\ud83d", `${"x".repeat(40)}\ud800`, "\ude00\ud83d"]) {
    const bytes = encode(point, { ...point.empty(), id });
    expect(bytes.length).toBe(point.size({ ...point.empty(), id }));
    expect(decode(point, bytes).id).toBe(id.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
  }
});

test("strings of every length and width are measured and written in full", () => {
  const point = codecOf("vectron.v1.Point");
  for (const unit of ["a", "é", "漢", "𝒳"]) {
    for (const length of [1, 23, 24, 25, 42, 43, 63, 64, 127, 128, 1365, 1366, 4095, 4096, 5000, 20_000]) {
      const id = unit.repeat(length);
      const bytes = encode(point, { ...point.empty(), id });
      expect(bytes.length).toBe(point.size({ ...point.empty(), id }));
      expect(decode(point, bytes).id).toBe(id);
    }
  }
});

test("a size tells exactly what a point takes in a request", () => {
  const upsert = codecOf("vectron.v1.UpsertRequest");
  const point = { id: "a", vector: new Float32Array(1536), payload: { text: "漢".repeat(100) } };
  const length = sizePoint(point);
  expect(encode(upsert, { collection: "", points: [point] }).length).toBe(1 + 2 + length);
});

describe("floats on a host of another byte order", () => {
  const values = Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, 3.4028234663852886e38, 1e-45);

  test("are written little-endian one by one", () => {
    const bytes = new Uint8Array(3 + values.length * 4);
    putFloats(new DataView(bytes.buffer), 3, values);
    const expected = Buffer.alloc(bytes.length);
    values.forEach((value, i) => {
      expected.writeFloatLE(value, 3 + i * 4);
    });
    expect(Buffer.compare(bytes, expected)).toBe(0);
  });

  test("are read little-endian one by one", () => {
    const bytes = Buffer.alloc(3 + values.length * 4);
    values.forEach((value, i) => {
      bytes.writeFloatLE(value, 3 + i * 4);
    });
    const read = new Float32Array(values.length);
    getFloats(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 3, read);
    expect(read).toEqual(values);
  });
});

test("vectors of all lengths are written to memory that has been used, among strings", () => {
  const upsert = codecOf("vectron.v1.UpsertRequest");
  const lengths = [17, 0, 1536, 16, 1, 768, 64, 15];
  const points = lengths.map((length, index) => ({
    id: `point-${index}`,
    vector: Float32Array.from({ length }, (_, at) => index + at / 7),
    payload: { index: String(index) },
  }));
  const message = { collection: "documents", points };
  const used = (size: number) => new Uint8Array(size + 8).fill(0xff).subarray(3, size + 3);
  expect(decode(upsert, encode(upsert, message, used))).toEqual(message);
});

test("a message that changes between measuring and writing is not sent", () => {
  const point = codecOf("vectron.v1.Point");
  let reads = 0;
  const message = {
    ...point.empty(),
    get id(): string {
      reads++;
      return "x".repeat(30 - 10 * Math.min(reads, 2));
    },
  };
  expect(() => encode(point, message)).toThrow("the message changed while it was encoded");
});

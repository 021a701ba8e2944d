import { fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyPoint, readPoint } from "../../src/gen/vectron/v1/binary.ts";
import { appendFloats } from "../../src/wire/binary/floats.ts";
import { decode } from "../../src/wire/binary/reader.ts";
import { messageArbitrary } from "./support/arbitrary.ts";
import { codecOf, messageCodecs } from "./support/codecs.ts";
import { difference } from "./support/difference.ts";
import { Random } from "./support/mutations.ts";
import { encodeOddly } from "./support/odd-encoding.ts";
import { fromReference } from "./support/reference.ts";

describe.each(messageCodecs.map((codec) => [codec.desc.typeName, codec] as const))("%s", (_name, codec) => {
  test("means the same however it is legally encoded", () => {
    fc.assert(
      fc.property(messageArbitrary(codec.desc), fc.nat(), (message, seed) => {
        const bytes = encodeOddly(codec.desc, message, new Random(seed));
        const decoded = decode(codec, bytes);
        const expected = fromReference(codec.desc, fromBinary(codec.desc, bytes));
        expect(difference(sortedMaps(decoded), sortedMaps(expected))).toBeUndefined();
        expect(difference(sortedMaps(decoded), sortedMaps(message))).toBeUndefined();
      }),
    );
  });
});

/** The message with the keys of its maps sorted: their order on the wire means nothing. */
function sortedMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedMaps);
  if (typeof value !== "object" || value === null || value instanceof Float32Array) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortedMaps(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const point = { empty: emptyPoint, read: readPoint };

test("a vector in ten thousand pieces is put together, in a buffer of at most twice its size", () => {
  const count = 10_000;
  const writer = new BinaryWriter();
  for (let i = 0; i < count; i++) {
    if (i % 2 === 0) writer.tag(2, WireType.Bit32).float(i);
    else writer.tag(2, WireType.LengthDelimited).uint32(4).float(i);
  }
  const { vector } = decode(point, writer.finish());
  expect(vector.length).toBe(count);
  expect(vector.every((value, i) => value === i)).toBe(true);
  expect(vector.buffer.byteLength).toBeLessThanOrEqual(2 * 4 * count);
});

test("a growing vector is copied a logarithmic number of times", () => {
  const buffers = new Set<ArrayBufferLike>();
  let vector: Float32Array = Float32Array.of(1);
  for (let i = 0; i < 10_000; i++) {
    vector = appendFloats(vector, Float32Array.of(1));
    buffers.add(vector.buffer);
  }
  expect(buffers.size).toBeLessThanOrEqual(Math.ceil(Math.log2(10_000)));
});

test("a vector in one piece has a buffer of its own size", () => {
  const writer = new BinaryWriter().tag(2, WireType.LengthDelimited).fork();
  for (let i = 0; i < 768; i++) writer.float(i);
  expect(decode(point, writer.join().finish()).vector.buffer.byteLength).toBe(768 * 4);
});

test("a payload key named __proto__ is an own key and sets no prototype", () => {
  const entry = new BinaryWriter().tag(1, 2).string("__proto__").tag(2, 2).string("value").finish();
  const { payload } = decode(point, new BinaryWriter().tag(3, 2).bytes(entry).finish());
  expect(Object.keys(payload)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
});

test("a byte-order mark is text", () => {
  expect(decode(point, new BinaryWriter().tag(1, 2).string("\ufeffid").finish()).id).toBe("\ufeffid");
});

test("int32 fields keep the low 32 bits of what they are given", () => {
  const { dimension } = decode(
    codecOf("vectron.v1.CreateCollectionRequest"),
    new BinaryWriter()
      .tag(2, WireType.Varint)
      .uint64(2n ** 40n + 5n)
      .finish(),
  );
  expect(dimension).toBe(5);
});

test("bool fields are true for any bit of the varint", () => {
  const codec = codecOf("vectron.v1.CreateCollectionResponse");
  for (const bits of [1n, 2n, 2n ** 32n, 2n ** 63n]) {
    expect(decode(codec, new BinaryWriter().tag(1, WireType.Varint).uint64(bits).finish())).toEqual({
      success: true,
    });
  }
});

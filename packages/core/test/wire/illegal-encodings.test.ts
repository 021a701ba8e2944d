import { fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { encode } from "../../src/wire/binary/encode.ts";
import { decode } from "../../src/wire/binary/reader.ts";
import { DecodeError } from "../../src/wire/decode-error.ts";
import { codecOf } from "./support/codecs.ts";
import { compareDecoders } from "./support/compare-decoders.ts";
import { DEVIATIONS, type Deviation } from "./support/deviations.ts";

const point = codecOf("vectron.v1.Point");
const upsert = codecOf("vectron.v1.UpsertRequest");
const status = codecOf("vectron.v1.ShardStatus");

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

const NINE_CONTINUED = Array<number>(9).fill(0x80);
const TEN_CONTINUED = Array<number>(10).fill(0x80);

function nestedGroups(depth: number): Uint8Array {
  return bytes(...Array<number>(depth).fill(0x7b), ...Array<number>(depth).fill(0x7c));
}

/** A request whose only point is given by these bytes. */
function nested(point: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(point).finish();
}

/** Inputs that this decoder and protobuf-es refuse alike. */
const REFUSED: readonly (readonly [what: string, codec: typeof point, input: Uint8Array])[] = [
  ["packed floats of 5 bytes at the end", point, bytes(0x12, 5, 0, 0, 0, 0, 0)],
  ["a packed block longer than the input", point, bytes(0x12, 8, 0, 0, 0, 0)],
  ["a packed block of 4 GiB", point, bytes(0x12, 0xfc, 0xff, 0xff, 0xff, 0x0f)],
  ["an unpacked float cut short", point, bytes(0x15, 0, 0, 0)],
  ["a string longer than the input", point, bytes(0x0a, 3, 0x61, 0x62)],
  ["a string of 4 GiB", point, bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
  ["a tag without a value", point, bytes(0x0a)],
  ["a tag cut short", point, bytes(0x8a)],
  ["a length cut short", point, bytes(0x0a, 0x80)],
  ["a tag of 6 bytes", point, bytes(0x8a, 0x80, 0x80, 0x80, 0x80, 0x00, 0)],
  ["a tag beyond 32 bits", point, bytes(0x88, 0x80, 0x80, 0x80, 0x10, 0)],
  ["field number 0", point, bytes(0x02, 0)],
  ["wire type 6", point, bytes(0x0e, 0)],
  ["wire type 7", point, bytes(0x0f, 0)],
  ["an uint32 of 11 bytes", status, bytes(0x08, ...TEN_CONTINUED, 0x01)],
  ["an uint64 of 11 bytes", status, bytes(0x18, ...TEN_CONTINUED, 0x01)],
  ["a bool of 11 bytes", status, bytes(0x20, ...TEN_CONTINUED, 0x01)],
  ["a length of 11 bytes", point, bytes(0x0a, ...TEN_CONTINUED, 0x00)],
  ["an unknown varint cut short", point, bytes(0x68, 0x80)],
  ["an unknown 64-bit field cut short", point, bytes(0x69, 0, 0, 0, 0, 0, 0, 0)],
  ["an unknown 32-bit field cut short", point, bytes(0x6d, 0, 0, 0)],
  ["an unknown field longer than the input", point, bytes(0x6a, 2, 0)],
  ["invalid UTF-8 in a short string", point, bytes(0x0a, 2, 0xc3, 0x28)],
  ["an encoded surrogate", point, bytes(0x0a, 3, 0xed, 0xa0, 0x80)],
  ["an overlong encoding of a slash", point, bytes(0x0a, 2, 0xc0, 0xaf)],
  [
    "invalid UTF-8 in a long string",
    point,
    new BinaryWriter().tag(1, 2).bytes(new Uint8Array(64).fill(0xff)).finish(),
  ],
  ["invalid UTF-8 in a payload's key", point, bytes(0x1a, 3, 0x0a, 1, 0xff)],
  ["a group that does not end", point, bytes(0x7b)],
  ["a group that ends with another number", point, bytes(0x7b, 0x74)],
  ["the end of a group that was not started", point, bytes(0x7c)],
  ["groups 100 deep", point, nestedGroups(100)],
  ["groups 99 deep in a nested message", upsert, nested(nestedGroups(99))],
];

describe("refused like protobuf-es refuses it", () => {
  test.each(REFUSED)("%s", (_what, codec, input) => {
    expect(() => fromBinary(codec.desc, input)).toThrow();
    expect(() => decode(codec, input)).toThrow(DecodeError);
  });
});

describe("accepted like protobuf-es accepts it", () => {
  test.each([
    ["an empty input", point, bytes()],
    ["groups 99 deep", point, nestedGroups(99)],
    ["groups 98 deep in a nested message", upsert, nested(nestedGroups(98))],
    [
      "groups 98 deep in the second of two nested messages",
      upsert,
      bytes(0x12, 0, ...nested(nestedGroups(98))),
    ],
    ["a bool whose only bit is beyond the 64th", status, bytes(0x20, ...NINE_CONTINUED, 0x02)],
    ["a bool whose only bit is the 64th", status, bytes(0x20, ...NINE_CONTINUED, 0x01)],
    ["an uint32 of 10 bytes", status, bytes(0x08, ...NINE_CONTINUED, 0x01)],
    ["a tag of 5 bytes", point, bytes(0x8a, 0x80, 0x80, 0x80, 0x00, 1, 0x61)],
    ["the highest field number", point, bytes(0xf8, 0xff, 0xff, 0xff, 0x0f, 1)],
    ["an empty packed block", point, bytes(0x12, 0)],
  ] as const)("%s", (_what, codec, input) => {
    expect(compareDecoders(codec, input)).toEqual({ accepted: true, deviations: [] });
  });
});

/** For each deviation, an input that shows it. */
const EXAMPLES: Record<Deviation, readonly [codec: typeof point, input: Uint8Array]> = {
  // A point of 3 bytes whose id would take 3, with more points behind it.
  overrun: [upsert, bytes(0x12, 3, 0x0a, 3, 0x61, 0x62, 0x63)],
  packedRemainder: [point, bytes(0x12, 5, 0, 0, 0, 0, 0, 0, 0, 0)],
  overlongUnknown: [point, bytes(0x68, ...TEN_CONTINUED, 0x01)],
  // An id that is a number, 2, which protobuf-es takes for a length.
  wireType: [point, bytes(0x08, 2, 0x68, 0x01)],
};

describe("where protobuf-es does not enforce a rule", () => {
  test.each(Object.entries(EXAMPLES))("%s", (name, [codec, input]) => {
    const deviation = DEVIATIONS[name as Deviation];
    expect(() => fromBinary(codec.desc, input), `protobuf-es: ${deviation.theirs}`).not.toThrow();
    const accepted = deviation.ours !== "refused";
    expect(compareDecoders(codec, input), deviation.why).toEqual({ accepted, deviations: [name] });
  });
});

test.each([1, 2, 3, 5, 6, 7])("packed floats of %d bytes are refused, whatever follows", (length) => {
  // The floats and what follows are well-formed unknown fields, if taken for fields.
  const input = bytes(0x12, length, ...Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 0x68 : 1)));
  expect(compareDecoders(point, input)).toEqual({ accepted: false, deviations: ["packedRemainder"] });
  expect(() => decode(point, input)).toThrow("the length of packed floats is no multiple of 4");
});

test("every prefix of an encoding is taken like protobuf-es takes it", () => {
  const message = {
    collection: "docs",
    points: [
      { id: "a", vector: Float32Array.of(1, 2, 3), payload: { lang: "en", "": "é" } },
      { id: "ß", vector: new Float32Array(40).fill(0.5), payload: {} },
    ],
  };
  const whole = encode(upsert, message);
  for (let end = 0; end <= whole.length; end++) compareDecoders(upsert, whole.subarray(0, end));
});

test("a length that the input does not justify allocates nothing", () => {
  // Would fail with a RangeError of the array's constructor, not a DecodeError, if it did.
  const claim = new BinaryWriter().tag(2, WireType.LengthDelimited).uint32(0xfffffffc).finish();
  expect(() => decode(point, claim)).toThrow(new DecodeError("the message is truncated"));
});

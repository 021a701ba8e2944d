import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { Plain } from "./codecs.ts";

const INT32 = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 127, 128, 0x7fffffff, -0x80000000));
const UINT32 = fc.oneof(fc.nat(), fc.constantFrom(0, 127, 128, 16383, 16384, 0x7fffffff, 0xffffffff));
const INT64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String);
const UINT64 = fc
  .oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.constantFrom(0n, 127n, 128n, 2n ** 32n, 2n ** 53n))
  .map(String);
const FLOAT = fc.oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1.5));

/** Well-formed strings of every length and width that the codecs treat apart. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary", maxLength: 40 }).filter((value) => !/\p{Surrogate}/u.test(value)),
  fc.string({ unit: "grapheme-ascii", minLength: 20, maxLength: 150 }),
  fc.constantFrom("", "__proto__", "constructor", "\ufeffmark", "\u0000", "é".repeat(64), "𝒳".repeat(40)),
);

const VECTOR = fc
  .oneof(fc.array(FLOAT, { maxLength: 40 }), fc.array(FLOAT, { minLength: 15, maxLength: 18 }))
  .map((values) => Float32Array.from(values));

/** Vectors that are views into a larger buffer, at offsets that need not suit their neighbours. */
const VIEW = fc.tuple(VECTOR, fc.nat(3), fc.nat(3)).map(([vector, before, after]) => {
  const buffer = new Float32Array(before + vector.length + after);
  buffer.set(vector, before);
  return buffer.subarray(before, before + vector.length);
});

const STRING_MAP = fc
  .uniqueArray(fc.tuple(text, text), { selector: ([key]) => key, maxLength: 5 })
  .map((entries) => Object.fromEntries(entries));

/** Messages of a type, with every field drawn from its whole range. */
export function messageArbitrary(desc: DescMessage): fc.Arbitrary<Plain> {
  const fields = desc.fields.map((field) => [field.jsonName, fieldArbitrary(field)] as const);
  return fc.record(Object.fromEntries(fields), { noNullPrototype: true });
}

function fieldArbitrary(field: DescField): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case "scalar":
      return scalarArbitrary(field.scalar);
    case "enum":
      return enumArbitrary(field.enum);
    case "message":
      return fc.option(messageArbitrary(field.message), { nil: undefined });
    case "map":
      return STRING_MAP;
    case "list":
      if (field.listKind === "message") return fc.array(messageArbitrary(field.message), { maxLength: 4 });
      if (field.scalar === ScalarType.FLOAT) return fc.oneof(VECTOR, VIEW);
      return fc.array(scalarArbitrary(field.scalar), { maxLength: 6 });
  }
}

function enumArbitrary(desc: DescEnum): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(...desc.values.map((value) => value.number)), INT32);
}

function scalarArbitrary(scalar: ScalarType | undefined): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.INT32:
      return INT32;
    case ScalarType.UINT32:
      return UINT32;
    case ScalarType.INT64:
      return INT64;
    case ScalarType.UINT64:
      return UINT64;
    case ScalarType.FLOAT:
      return FLOAT.map(Math.fround);
    default:
      throw new Error(`no values for scalar type ${scalar}`);
  }
}

import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import fc, { type JsonValue } from "fast-check";
import { text } from "./arbitrary.ts";

/** JSON of any kind, much of it nearly right for some field. */
const ANY: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    "",
    [],
    {},
    [null],
    "x",
    "\ud800",
    -0,
    1.5,
    "1.5",
    " 1",
    "1e3",
    "0x10",
  ),
  fc.constantFrom<unknown>(
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 32,
    -1,
    "-1",
    1e39,
    Number.POSITIVE_INFINITY,
    "1e39",
    2 ** 64,
    "18446744073709551616",
  ),
  fc.constantFrom<unknown>(
    "NaN",
    "Infinity",
    "-Infinity",
    "nan",
    "FREE",
    "ACTIVE",
    "NO_SUCH",
    "toString",
    1,
    "1",
    "007",
  ),
  fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
);

const NUMBER = fc.oneof(
  fc.integer(),
  fc.float({ noNaN: true }),
  fc.double({ noNaN: true }),
  fc.integer().map(String),
);

/**
 * JSON for a message: objects with its fields under either of their names,
 * whose values are right in most cases, plus a field that it does not have.
 */
export function jsonArbitrary(desc: DescMessage): fc.Arbitrary<unknown> {
  const fields = desc.fields.flatMap((field) => {
    const value = fc.oneof({ weight: 12, arbitrary: valueArbitrary(field) }, { weight: 1, arbitrary: ANY });
    return [field.jsonName, field.name].map(
      (name) => [name, rarely(name === field.jsonName, value)] as const,
    );
  });
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [], noNullPrototype: true });
  const object = fc
    .tuple(known, fc.option(ANY))
    .map(([json, extra]) => withoutUndefined(extra === null ? json : { ...json, noSuchField: extra }));
  return fc.oneof({ weight: 30, arbitrary: object }, { weight: 1, arbitrary: ANY });
}

/** The other of a field's names is used more rarely: both together are an error. */
function rarely(isUsual: boolean, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: isUsual ? 4 : 1, arbitrary: value },
    { weight: isUsual ? 1 : 8, arbitrary: fc.constant(undefined) },
  );
}

function withoutUndefined(json: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined));
}

function valueArbitrary(field: DescField): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case "map":
      return fc.dictionary(text, fc.oneof({ weight: 20, arbitrary: text }, { weight: 1, arbitrary: ANY }), {
        noNullPrototype: true,
        maxKeys: 4,
      });
    case "list":
      return fc.array(
        fc.oneof({ weight: 20, arbitrary: itemArbitrary(field) }, { weight: 1, arbitrary: ANY }),
        {
          maxLength: 4,
        },
      );
    default:
      return itemArbitrary(field);
  }
}

function itemArbitrary(field: DescField): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return jsonArbitrary(field.message);
  if (field.enum !== undefined)
    return fc.constantFrom(...field.enum.values.flatMap(({ name, number }) => [name, number]));
  if (field.scalar === ScalarType.STRING) return text;
  return field.scalar === ScalarType.BOOL ? fc.boolean() : NUMBER;
}

import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeError } from "../../src/wire/decode-error.ts";
import { floatsToJson, floatToJson } from "../../src/wire/json/to-json.ts";
import { messageArbitrary } from "./support/arbitrary.ts";
import { codecOf, type MessageCodec, messageCodecs, type Plain } from "./support/codecs.ts";
import { difference } from "./support/difference.ts";
import { jsonArbitrary } from "./support/json-arbitrary.ts";
import { fromReference, toReference } from "./support/reference.ts";

describe.each(messageCodecs.map((codec) => [codec.desc.typeName, codec] as const))("%s", (_name, codec) => {
  test("is written as protobuf-es writes it, but for shorter floats, -0 and null for absent messages", () => {
    fc.assert(
      fc.property(messageArbitrary(codec.desc), (message) => {
        const written = viaText(codec.toJson(message));
        const expected = toJson(codec.desc, toReference(codec.desc, message), { alwaysEmitImplicit: true });
        expect(
          difference(withRoundedFloats(withoutNull(written)), withRoundedFloats(viaText(expected))),
        ).toBeUndefined();
      }),
    );
  });

  test("is read back by protobuf-es and by itself", () => {
    fc.assert(
      fc.property(messageArbitrary(codec.desc), (message) => {
        const json = viaText(codec.toJson(message));
        const expected = fromReference(codec.desc, fromJson(codec.desc, json as JsonValue));
        expect(difference(codec.fromJson(json), expected)).toBeUndefined();
        // JSON.stringify writes a -0 that is not a vector's as 0.
        expect(difference(withoutMinusZero(expected), withoutMinusZero(message))).toBeUndefined();
      }),
    );
  });

  test("is read, or refused, as protobuf-es reads or refuses it", () => {
    fc.assert(
      fc.property(jsonArbitrary(codec.desc), (json) => {
        expect(difference(ownParse(codec, json), referenceParse(codec, json))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

function ownParse(codec: MessageCodec, json: unknown): Plain | undefined {
  try {
    return codec.fromJson(json);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function referenceParse({ desc }: MessageCodec, json: unknown): Plain | undefined {
  try {
    return fromReference(desc, fromJson(desc, json as JsonValue, { ignoreUnknownFields: true }));
  } catch {
    return undefined;
  }
}

function viaText(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}

/** Replaces every value of a message for which `replace` gives another. */
function mapValues(value: unknown, replace: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapValues(item, replace));
  if (value instanceof Float32Array) return value.map((item) => replace(item) as number);
  if (typeof value !== "object" || value === null) return replace(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValues(item, replace)]));
}

function withRoundedFloats(json: unknown): unknown {
  return mapValues(json, (value) => {
    if (value === "-0") return 0;
    return typeof value === "number" ? Math.fround(value) : value;
  });
}

function withoutMinusZero(message: unknown): unknown {
  return mapValues(message, (value) => (value === 0 ? 0 : value));
}

function withoutNull(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutNull);
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutNull(value)]));
}

test("zero values are all written, as grpc-gateway does", () => {
  const write = (name: string): string => {
    const codec = codecOf(name);
    return JSON.stringify(codec.toJson(codec.empty()));
  };
  expect(write("vectron.v1.GetResponse")).toBe('{"point":null}');
  expect(write("vectron.v1.SearchResult")).toBe('{"id":"","score":0,"payload":{},"vector":[]}');
  expect(write("vectron.v1.ShardStatus")).toBe('{"shardId":0,"replicas":[],"leaderId":"0","ready":false}');
  expect(write("vectron.v1.DeleteResponse")).toBe("{}");
  expect(write("vectron.auth.v1.UserProfile")).toBe(
    '{"id":"","email":"","createdAt":"0","plan":"PLAN_UNSPECIFIED","subscriptionStatus":"SUBSCRIPTION_STATUS_UNSPECIFIED"}',
  );
});

describe("floats", () => {
  test("have few digits and read back as the same float32", () => {
    expect(floatToJson(Math.fround(0.1))).toBe(0.1000000015);
    expect(floatToJson(-2.5)).toBe(-2.5);
    fc.assert(
      fc.property(fc.float({ noDefaultInfinity: true, noNaN: true }), (value) => {
        expect(Math.fround(Number(floatToJson(value)))).toBe(value);
      }),
      { numRuns: 20_000 },
    );
  });

  test("that are not finite are strings", () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(floatToJson)).toEqual([
      "NaN",
      "Infinity",
      "-Infinity",
    ]);
  });

  test("of a vector keep the sign of zero through the text", () => {
    const text = JSON.stringify(floatsToJson(Float32Array.of(-0, 0, 1)));
    expect(text).toBe('["-0",0,1]');
    expect(JSON.parse(text).map(Number)).toEqual([-0, 0, 1]);
  });
});

describe("an error names the field", () => {
  const upsert = codecOf("vectron.v1.UpsertRequest");
  const search = codecOf("vectron.v1.SearchRequest");
  const get = codecOf("vectron.v1.GetResponse");
  const point = { id: "a", vector: [1], payload: {} };

  test.each([
    [
      upsert,
      { points: [point, { ...point, vector: [1, "x"] }] },
      "points[1].vector[1]",
      "expected a float32, got a string",
    ],
    [
      upsert,
      { points: [{ ...point, payload: { "a b": 5 } }] },
      'points[0].payload["a b"]',
      "expected a well-formed string, got 5",
    ],
    [upsert, { points: [null] }, "points[0]", "expected an object, got null"],
    [upsert, { points: {} }, "points", "expected an array, got an object"],
    [get, { point: { vector: true } }, "point.vector", "expected an array, got a boolean"],
    [search, { top_k: 1.5 }, "topK", "expected a uint32, got 1.5"],
    [search, { topK: 1, top_k: 1 }, "topK", "given twice, also as top_k"],
    [search, [], "", "expected an object, got an array"],
  ] as const)("%#", (codec, json, path, reason) => {
    expect(() => codec.fromJson(json)).toThrow(new DecodeError(reason, path));
  });

  test("and never quotes a string, which can be a secret", () => {
    const parse = (): unknown => codecOf("vectron.auth.v1.LoginResponse").fromJson({ user: "secret" });
    expect(parse).toThrow(new DecodeError("expected an object, got a string", "user"));
  });
});

test("a payload key named __proto__ is an own key both ways", () => {
  const point = codecOf("vectron.v1.Point");
  const json = '{"id":"a","vector":[],"payload":{"__proto__":"x"}}';
  const message = point.fromJson(JSON.parse(json));
  expect(Object.keys(message.payload as object)).toEqual(["__proto__"]);
  expect(JSON.stringify(point.toJson(message))).toBe(json);
});

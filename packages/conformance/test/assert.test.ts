import { InternalServerError, InvalidArgumentError, NotFoundError, VectronError } from "@vectron/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as assert from "../src/assert/assert.ts";
import { findDifference } from "../src/assert/find-difference.ts";
import { showValue } from "../src/assert/show-value.ts";

const anyValue = fc.oneof(
  fc.anything({ withTypedArray: true, withDate: true, maxDepth: 3 }).filter(isComparable),
  fc.float32Array({ noNaN: true }),
);

/** What the suite's values are made of; symbols, sets and the like are not. */
function isComparable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (value instanceof Date || ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(isComparable);
}

describe("findDifference", () => {
  test("finds none between a value and its copy", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(findDifference(structuredClone(value), value)).toBeUndefined();
      }),
    );
  });

  test("finds a changed component of a vector, and which", () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, noNaN: true }), fc.nat(), (vector, at) => {
        const index = at % vector.length;
        const other = vector.slice();
        other[index] = vector[index] === 1 ? 2 : 1;
        expect(findDifference([{ vector: other }], [{ vector }])?.path).toBe(`[0]["vector"][${index}]`);
      }),
    );
  });

  test.each([
    ["zero's sign", Float32Array.of(0), Float32Array.of(-0)],
    ["a number's sign of zero", 0, -0],
    ["length", Float32Array.of(1, 2), Float32Array.of(1)],
    ["class of array", [1, 2], Float32Array.of(1, 2)],
    ["width of floats", Float64Array.of(1), Float32Array.of(1)],
    ["a missing key", {}, { a: undefined }],
    ["an additional key", { a: undefined }, {}],
    ["an own __proto__", JSON.parse('{"__proto__":"a"}'), {}],
    ["the value of an own __proto__", JSON.parse('{"__proto__":"a"}'), JSON.parse('{"__proto__":"b"}')],
    ["dates", new Date(1), new Date(2)],
    ["null and an object", null, {}],
    ["text and number", "1", 1],
  ])("sees a difference in %s", (_what, actual, expected) => {
    expect(findDifference(actual, expected)).toBeDefined();
    expect(findDifference(expected, actual)).toBeDefined();
  });

  test("takes objects without a prototype for plain ones", () => {
    expect(findDifference(Object.assign(Object.create(null), { a: "b" }), { a: "b" })).toBeUndefined();
  });
});

describe("checks", () => {
  const missing = new NotFoundError("point 'a' not found");

  test("say what was expected and what was there", () => {
    expect(() => assert.equal(1, 2, "count")).toThrow("count: expected 2, got 1");
    expect(() => assert.deepEqual({ a: ["x"] }, { a: ["y"] }, "payload")).toThrow(
      'payload differs at ["a"][0]: expected "y", got "x"',
    );
    expect(() => assert.close(1.5, 1, 0.1, "score")).toThrow("score: expected 1 ± 0.1, got 1.5");
    expect(() => assert.close(Number.NaN, 1, 0.1, "score")).toThrow("got NaN");
    expect(() => assert.includes("abc", ["b", "x"])).toThrow('expected "x" in it, got "abc"');
    expect(() => assert.ok(false, "nothing was found")).toThrow("nothing was found");
  });

  test("rejects returns the error, and refuses everything else", async () => {
    const facts = { code: "NOT_FOUND", messageIncludes: ["'a'"] } as const;
    expect(await assert.rejects(Promise.reject(missing), NotFoundError, facts)).toBe(missing);
    await expect(assert.rejects(Promise.resolve(7), NotFoundError)).rejects.toThrow(
      "NotFoundError, got the value 7",
    );
    await expect(assert.rejects(Promise.reject(missing), InvalidArgumentError)).rejects.toThrow(
      "expected a InvalidArgumentError, got NotFoundError: point 'a' not found",
    );
    await expect(assert.rejects(Promise.reject(new Error("x")), NotFoundError)).rejects.toThrow(
      "got Error: x",
    );
    await expect(
      assert.rejects(Promise.reject(missing), NotFoundError, { messageIncludes: ["'b'"] }),
    ).rejects.toThrow("'b'");
  });

  test("an error of a class that extends the expected one is not the expected one", async () => {
    class Special extends InternalServerError {}
    const special = Object.assign(new Special("x"), { name: "Special" });
    await expect(assert.rejects(Promise.reject(special), InternalServerError)).rejects.toThrow(
      "the error's name",
    );
  });

  test("throws checks what a function throws", () => {
    expect(
      assert.throws(() => {
        throw missing;
      }, NotFoundError),
    ).toBe(missing);
    expect(() => assert.throws(() => 7, NotFoundError)).toThrow("got the value 7");
    expect(missing).toBeInstanceOf(VectronError);
  });
});

test("values are shown on one short line", () => {
  fc.assert(
    fc.property(
      fc.anything({ withTypedArray: true, withBigInt: true, withDate: true, maxDepth: 2 }),
      (value) => {
        expect(showValue(value)).not.toContain("\n");
      },
    ),
  );
  expect(showValue("x".repeat(10_000)).length).toBeLessThan(300);
  expect(showValue(new Float32Array(10_000)).length).toBeLessThan(300);
  expect(showValue(-0)).toBe("-0");
  expect(showValue(Float32Array.of(1, -0))).toBe("Float32Array [1, -0]");
});

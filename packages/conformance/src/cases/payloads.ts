import type { Payload } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, times } from "../support/fixtures.ts";

const PAYLOADS: readonly { readonly kind: string; readonly payload: Payload }[] = [
  { kind: "empty", payload: {} },
  { kind: "empty-value", payload: { empty: "", full: "x" } },
  { kind: "empty-key", payload: { "": "nameless" } },
  {
    kind: "unicode",
    payload: { ключ: "значение", "🐘": "👩‍👩‍👧‍👦", é: "e\u0301", "\uFEFFbom": "\uFEFFbom" },
  },
  { kind: "control-characters", payload: { "a\nb": "\t\r\n\u0000", '"': '\\"', "\u007F": "\u2028\u2029" } },
  // A computed key makes an own property; a literal one would set the prototype.
  {
    kind: "names-of-object-members",
    payload: { ["__proto__"]: "a", constructor: "b", toString: "c", hasOwnProperty: "d" },
  },
  {
    kind: "looks-like-other-types",
    payload: { number: "1e3", null: "null", object: '{"a":1}', bool: "false", "0": "zero" },
  },
  { kind: "long-value", payload: { text: "0123456789abcdef".repeat(65_536) } },
  {
    kind: "many-keys",
    payload: Object.fromEntries(times(1_000, (index) => [`key ${index}`, `value ${index}`])),
  },
];

const roundTripCases: readonly ConformanceCase[] = PAYLOADS.map(({ kind, payload }) => ({
  id: `payloads/${kind}`,
  title: `a payload with ${kind.replaceAll("-", " ")} comes back as it was, from get and from search`,
  needs: ["complete-search"],
  async run(context) {
    const docs = await emptyCollection(context);
    await docs.upsert([{ id: "a", vector: [1, 2], payload }]);
    assert.deepEqual((await docs.get("a")).payload, payload, "payload");
    await context.eventually(async () => {
      const [result] = await docs.search({ vector: [1, 2] });
      assert.deepEqual(result?.payload, payload, "payload of the result");
    });
  },
}));

export const payloadCases: readonly ConformanceCase[] = [
  ...roundTripCases,
  {
    id: "payloads/none",
    title: "a point without a payload has an empty one",
    async run(context) {
      const docs = await emptyCollection(context);
      await docs.upsert([
        { id: "absent", vector: [1, 2] },
        { id: "undefined", vector: [1, 3], payload: undefined },
      ]);
      assert.deepEqual((await docs.get("absent")).payload, {}, "payload");
      assert.deepEqual((await docs.get("undefined")).payload, {}, "payload given as undefined");
    },
  },
  {
    id: "payloads/no-pollution",
    title: "a payload's keys never reach the prototype of other objects",
    async run(context) {
      const docs = await emptyCollection(context);
      await docs.upsert([
        { id: "__proto__", vector: [1, 2], payload: { ["__proto__"]: "polluted", polluted: "yes" } },
      ]);
      await docs.get("__proto__");
      await docs.search({ vector: [1, 2] });
      assert.equal(({} as { polluted?: string }).polluted, undefined, "a new object's field");
      assert.equal(Object.getPrototypeOf({}), Object.prototype, "a new object's prototype");
    },
  },
];

import { NotFoundError } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { Capability } from "../capabilities.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { emptyCollection, filledCollection, idsOf, times } from "../support/fixtures.ts";

/** Ids that have broken clients, servers or stores, by what is special about them. */
const UNUSUAL_IDS: readonly {
  readonly kind: string;
  readonly ids: readonly string[];
  readonly needs?: readonly Capability[];
}[] = [
  { kind: "two-byte-characters", ids: ["é", "ß", "ключ", "مفتاح"] },
  { kind: "three-byte-characters", ids: ["鍵", "열쇠", "\uFFFD", "\uFB01"] },
  { kind: "surrogate-pairs", ids: ["🐘", "👩‍👩‍👧‍👦", "𝒳", "\u{10FFFF}"] },
  { kind: "combining-marks", ids: ["e\u0301", "\u0301", "Z\u0351\u036B\u0343"] },
  { kind: "byte-order-mark", ids: ["\uFEFFid", "id\uFEFF"] },
  { kind: "percent", ids: ["%", "100%", "%2F", "a%20b", "%%"] },
  { kind: "query-and-fragment", ids: ["?", "a?b=c&d", "#", "a#b"] },
  { kind: "spaces", ids: [" ", " a", "a ", "a b", "+", "a+b", "\u00A0"] },
  {
    kind: "punctuation",
    ids: [
      ":",
      "a:b",
      ";",
      "@",
      "$",
      "&",
      "=",
      ",",
      "'",
      '"',
      "\\",
      "<>",
      "{}",
      "[0]",
      "|",
      "^",
      "`",
      "~",
      "*",
    ],
  },
  { kind: "control-characters", ids: ["\t", "a\nb", "a\r\nb", "\u0000", "a\u0000b", "\u007F"] },
  {
    kind: "names-of-object-members",
    ids: ["__proto__", "constructor", "toString", "hasOwnProperty", "length"],
  },
  { kind: "looks-like-something-else", ids: ["0", "-1", "1e3", "NaN", "null", "undefined", "true"] },
  { kind: "slashes", ids: ["/", "a/b", "/a", "a/", "//", "https://example.com/a?b#c"], needs: ["any-id"] },
  { kind: "dot-segments", ids: [".", "..", "./a", "../a"], needs: ["any-id"] },
];

const roundTrips: readonly ConformanceCase[] = UNUSUAL_IDS.map(({ kind, ids, needs = [] }) => ({
  id: `ids/${kind}`,
  title: `ids with ${kind.replaceAll("-", " ")} work in every call`,
  needs: [...needs, "complete-search"],
  run: (context: CaseContext) => checkRoundTrip(context, ids),
}));

export const idCases: readonly ConformanceCase[] = [
  ...roundTrips,
  {
    id: "ids/long",
    title: "long ids work in every call",
    needs: ["complete-search"],
    run: (context) => checkRoundTrip(context, ["x".repeat(1_024), "🐘".repeat(200), `${"x".repeat(1_023)}y`]),
  },
  {
    id: "ids/told-apart",
    title: "ids that differ in case, form of Unicode or surrounding space are different points",
    async run(context) {
      const ids = ["a", "A", "a ", " a", "\u00E9", "e\u0301", "\uFB01", "fi"];
      const docs = await filledCollection(
        context,
        ids.map((id, index) => ({ id, vector: [index, 0] })),
      );
      for (const [index, id] of ids.entries()) {
        const point = await docs.get(id);
        assert.equal(point.id, id, "id");
        assert.deepEqual(point.vector, Float32Array.of(index, 0), `vector of ${JSON.stringify(id)}`);
      }
    },
  },
  {
    id: "ids/reads-like-an-error",
    title: "an id is never taken for the text of an error",
    async run(context) {
      const docs = await emptyCollection(context);
      const ids = [
        "collection 'x' not found",
        "rpc error: code = NotFound desc = collection 'x' not found",
        "rpc error: code = Unavailable desc = x",
        "shard 1 not ready",
      ];
      for (const id of ids) await assert.rejects(docs.get(id), NotFoundError, { messageIncludes: [id] });
      assert.deepEqual(
        await docs.getMany(ids),
        times(ids.length, () => undefined),
        "missing points",
      );
    },
  },
];

async function checkRoundTrip(context: CaseContext, ids: readonly string[]): Promise<void> {
  const docs = await emptyCollection(context);
  const points = ids.map((id, index) => ({ id, vector: Float32Array.of(index, 1), payload: { id } }));
  assert.equal(await docs.upsert(points), ids.length, "count");
  for (const point of points)
    assert.deepEqual(await docs.get(point.id), point, `point ${JSON.stringify(point.id)}`);
  assert.deepEqual(await docs.getMany(ids), points, "points");
  await context.eventually(async () => {
    const results = await docs.search({ vector: [0, 1], topK: 100 });
    assert.deepEqual(idsOf(results), [...ids], "ids found");
  });
  for (const id of ids) await docs.delete(id);
  assert.deepEqual(
    await docs.getMany(ids),
    times(ids.length, () => undefined),
    "points, after they were deleted",
  );
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shardOf } from "../../src/parity/shards.ts";

/** The same hash with whole 64-bit numbers. */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

describe("the shard of an id", () => {
  it("is the top four bits of its 64-bit FNV-1a hash", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (id) => {
        expect(shardOf(id)).toBe(Number(fnv1a(id) >> 60n));
      }),
    );
  });

  it("is badly spread for counted ids, as on a stock server", () => {
    expect(new Set(["p1", "p2", "p3"].map(shardOf)).size).toBe(1);
    const counted = Array.from({ length: 1_000 }, (_, i) => shardOf(`point-${i}`));
    expect(new Set(counted).size).toBe(8);
  });
});

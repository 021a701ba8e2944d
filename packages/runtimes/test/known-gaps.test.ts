import { expect, test } from "vitest";
import { type CellGap, gapsOf } from "../src/known-gaps.ts";

const gap: CellGap = { id: "search/ties", reason: "of a test", where: { runtime: "bun", transport: "json" } };

function idsIn(cell: Parameters<typeof gapsOf>[0]): string[] {
  return gapsOf(cell, [gap]).map(({ id }) => id);
}

test("a gap counts where all that it names is so, and nowhere else", () => {
  expect(idsIn({ runtime: "bun", transport: "json", backEnd: "engine" })).toContain(gap.id);
  expect(idsIn({ runtime: "bun", transport: "json", backEnd: "bridge" })).toContain(gap.id);
  expect(idsIn({ runtime: "deno", transport: "json", backEnd: "engine" })).not.toContain(gap.id);
  expect(idsIn({ runtime: "bun", transport: "connect", backEnd: "engine" })).not.toContain(gap.id);
});

import { writeFile } from "node:fs/promises";
import { afterAll, test } from "vitest";
import { compatibilityTable } from "./support/compatibility-table.ts";
import { type CellResults, describeCells } from "./support/describe-cells.ts";
import { matrix, problemsOf } from "./support/matrix.ts";

const TABLE = new URL("../../../docs/compatibility.md", import.meta.url);

if (process.env.VECTRON_HEAVY === undefined) {
  test.skip("the whole matrix runs with VECTRON_HEAVY=1", () => undefined);
} else {
  const all: CellResults[] = [];
  describeCells(matrix, (results) => all.push(results));
  // A part of the matrix makes no table, and neither does one with failures.
  afterAll(async () => {
    if (all.length === matrix.length && all.every(isGood)) await writeFile(TABLE, compatibilityTable(all));
  });
}

function isGood({ results }: CellResults): boolean {
  return problemsOf(results).length === 0;
}

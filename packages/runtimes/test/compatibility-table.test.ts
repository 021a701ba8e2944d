import { expect, test } from "vitest";
import { compatibilityTable } from "./support/compatibility-table.ts";
import type { CellResults } from "./support/describe-cells.ts";

const json: CellResults = {
  cell: { runtime: "bun", transport: "json", backEnd: "bridge" },
  results: [
    { id: "search/ties", status: "passed" },
    { id: "search/filter", status: "passed" },
    { id: "streaming/first", status: "skipped", reason: "the target lacks: streaming" },
  ],
};
const inProcess: CellResults = {
  cell: { runtime: "workerd", transport: "in-process", backEnd: "none" },
  results: [{ id: "search/ties", status: "failed", error: { name: "Error", message: "", stack: "" } }],
};

test("the table counts what passed, and says why the rest was skipped", () => {
  const lines = compatibilityTable([json, inProcess]).split("\n");
  expect(lines).toContain("| Bun | json | bridge | 2 | 1 | 0 |");
  expect(lines).toContain("| json | the target lacks: streaming | 1 |");
});

test("what failed is not counted as skipped", () => {
  const lines = compatibilityTable([json, inProcess]).split("\n");
  expect(lines).toContain("| workerd | in-process |  | 0 | 0 | 0 |");
});

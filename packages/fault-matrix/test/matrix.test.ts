import { readFile, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BackEnd, startBackEnd } from "../src/back-end.ts";
import { allTransports } from "../src/clients.ts";
import { promiseOf } from "../src/fault.ts";
import { allFaults } from "../src/faults/all-faults.ts";
import { type CellResult, runCells } from "../src/run-cell.ts";
import { faultTable } from "../src/table/fault-table.ts";

const TABLE = new URL("../../../docs/fault-matrix.md", import.meta.url);

let backEnd: BackEnd;
const results: CellResult[] = [];

beforeAll(async () => {
  backEnd = await startBackEnd();
});

afterAll(() => backEnd.close());

// Each fault has its transports one after another, and faults run side by side.
describe.concurrent("every method does as promised under", () => {
  test.for(allFaults)("$name", async (fault, { expect }) => {
    for (const transport of allTransports) {
      const found = await runCells(fault, transport, backEnd);
      const broken = found.flatMap(({ cell, outcome }) => {
        const promised = promiseOf(fault, cell);
        return isDeepStrictEqual(outcome, promised) ? [] : [{ method: cell.method.name, outcome, promised }];
      });
      expect.soft(broken, `over ${transport}`).toEqual([]);
      results.push(...found.map(({ cell }) => ({ cell, outcome: promiseOf(fault, cell) })));
    }
  });
});

test("docs/fault-matrix.md says what was observed", async () => {
  const table = faultTable(results);
  if (process.env.VECTRON_WRITE_FAULTS !== undefined) await writeFile(TABLE, table);
  expect(await readFile(TABLE, "utf8"), "npm run faults writes it again").toBe(table);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXECUTABLES, missing, runBuilt } from "./support/runtimes/process-runtime.ts";

test.each(Object.values(EXECUTABLES))("$title keeps a directory and its graph", async (executable) => {
  const reason = missing(executable);
  if (reason !== undefined && process.env.CI === undefined) {
    console.warn(`the engine is not tested: ${reason}`);
    return;
  }
  expect(reason).toBeUndefined();
  const directory = mkdtempSync(join(tmpdir(), "vectron-runtime-"));
  try {
    const lines = (await runBuilt(executable, "program/engine.js", directory)).trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const answer = JSON.parse(line);
      expect(answer).toMatchObject({ tier: "hnsw", indexed: 499, points: 499 });
      expect(answer.found).toEqual(answer.exact);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("prints what the Python programs print", async () => {
  const { stdout } = await promisify(execFile)("npx", ["tsx", "src/run.ts"], {
    cwd: `${import.meta.dirname}/..`,
  });
  expect(stdout.trimEnd().split("\n")).toEqual([
    "Collection created.",
    "Available collections: my-ts-collection",
    "Upserted 2 points.",
    "Found: ID=vec1, Score=0",
    "Point not found, as expected.",
  ]);
});

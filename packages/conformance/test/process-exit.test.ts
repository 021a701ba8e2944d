import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("support/run-and-exit.mjs", import.meta.url));

test("a program that has run the suite, and closed what it opened, exits by itself with nothing left open", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 50_000 });
  const { failed, passed, stillOpen } = JSON.parse(stdout);
  expect(failed).toEqual([]);
  expect(passed).toBeGreaterThan(100);
  expect(stillOpen).toEqual([]);
});

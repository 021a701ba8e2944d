import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("runs from start to end, offline", async () => {
  const { stdout } = await promisify(execFile)("npx", ["tsx", "src/start.ts"], {
    cwd: `${import.meta.dirname}/..`,
  });
  expect(stdout).toContain("The tail of a comet always points away from the sun. [1]\n  from: comets, ");
});

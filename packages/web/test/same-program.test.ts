import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));

test.each(["grpc", "fetch"])("the same program compiles over %s", async (transport) => {
  const config = join(here, `same-program/tsconfig.${transport}.json`);
  const tsc = promisify(execFile)(process.execPath, [join(typescript, "bin/tsc"), "-p", config]);
  const { stdout } = await tsc.catch((error: { stdout: string }) => error);
  expect(stdout).toBe("");
});

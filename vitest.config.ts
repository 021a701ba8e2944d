import { existsSync, readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** One project for each folder that has tests, named as its package. */
const projects = ["packages", "tools", "examples"]
  .flatMap((parent) => readdirSync(parent).map((folder) => `${parent}/${folder}`))
  .concat("benchmarks", "docs")
  .filter((root) => existsSync(`${root}/test`))
  .map((root) => ({
    extends: true as const,
    test: { root, name: JSON.parse(readFileSync(`${root}/package.json`, "utf8")).name as string },
  }));

export default defineConfig({
  test: {
    projects,
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./scripts/plain-reporter.mjs"],
    retry: 0,
    // A hang guard, not a bar: what is slow on a busy machine is not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

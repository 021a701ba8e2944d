import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "tools/*"],
    reporters: ["default", "./scripts/plain-reporter.mjs"],
    retry: 0,
    // A hang guard, not a bar: what is slow on a busy machine is not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { expect, it } from "vitest";
import { loadOptional } from "../../src/server/load-optional.ts";

const missing: string = "@vectron/not-there";

it("says what to install when a package is not there", async () => {
  const loading = loadOptional(() => import(missing), "startServer with httpPort", ["@a/b", "c"]);
  await expect(loading).rejects.toThrow(
    /^startServer with httpPort needs packages that are not installed: npm install @a\/b c$/,
  );
  await expect(loading).rejects.toHaveProperty("cause.code", "ERR_MODULE_NOT_FOUND");
});

it("passes on what it loads, and any other error", async () => {
  expect(await loadOptional(async () => 1, "it", [])).toBe(1);
  const error = new Error("broken");
  await expect(loadOptional(() => Promise.reject(error), "it", [])).rejects.toBe(error);
});

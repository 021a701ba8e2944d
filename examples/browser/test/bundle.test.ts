import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { expect, it } from "vitest";

it("bundles into a page and its script", async () => {
  const outDir = await mkdtemp(join(tmpdir(), "vectron-page-"));
  try {
    await build({ root: `${import.meta.dirname}/..`, logLevel: "warn", build: { outDir } });
    expect(await readdir(outDir)).toEqual(["assets", "index.html"]);
    expect((await readdir(join(outDir, "assets"))).length).toBeGreaterThan(0);
  } finally {
    await rm(outDir, { recursive: true });
  }
});

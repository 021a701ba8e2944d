import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRecipeServer } from "../../../examples/recipes/src/server.ts";
import { startLocalWorker } from "../../../examples/worker/src/local-worker.ts";
import { chromiumRuntime, launchChromium } from "./support/runtimes/chromium-runtime.ts";
import { servePage } from "./support/runtimes/page-server.ts";

const BROWSER_EXAMPLE = fileURLToPath(new URL("../../../examples/browser", import.meta.url));
const API_KEY = "local-key";
const SLOWEST_MS = 120_000;

let recipes: Awaited<ReturnType<typeof startRecipeServer>>;

beforeAll(async () => {
  recipes = await startRecipeServer(0, API_KEY);
});

afterAll(() => recipes?.close());

test("the page of the browser example, as Vite builds it, searches in Chromium", {
  timeout: SLOWEST_MS,
}, async ({ skip }) => {
  const missing = chromiumRuntime.missing();
  if (missing !== undefined && process.env.CI === undefined) {
    console.warn(`the browser example is not tested: ${missing}`);
    skip(missing);
  }
  const folder = await mkdtemp(join(tmpdir(), "vectron-page-"));
  await buildPage(folder, recipes.httpUrl!);
  const site = await servePage({ folder, page: await readFile(join(folder, "index.html"), "utf8") });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const nearest = page.locator("#results li").first();
    await nearest.filter({ hasText: "Pasta al pomodoro: pasta, tomatoes, basil, garlic (0.71)" }).waitFor();
    await page.fill("#ingredients", "chocolate, eggs");
    await nearest.filter({ hasText: "Chocolate mousse" }).waitFor();
    expect(await page.locator("#results li").count()).toBe(5);
    await page.fill("#ingredients", "gravel");
    await page.locator("#message", { hasText: "None of these" }).waitFor();
    expect(await page.locator("#results li").count()).toBe(0);
  } finally {
    await browser.close();
    await site.close();
    await rm(folder, { recursive: true });
  }
});

test("the worker example searches in workerd", { timeout: SLOWEST_MS }, async () => {
  const worker = await startLocalWorker(0, recipes.httpUrl!);
  try {
    const found = await worker.dispatchFetch("http://worker/?q=chocolate,eggs");
    expect(found.status).toBe(200);
    const results = (await found.json()) as { id: string; score: number; ingredients: string }[];
    expect(results).toHaveLength(5);
    expect(results[0]).toMatchObject({
      id: "Chocolate mousse",
      ingredients: "chocolate, cream, eggs, sugar",
    });
    expect((await worker.dispatchFetch("http://worker/?q=gravel")).status).toBe(400);
  } finally {
    await worker.dispose();
  }
});

/** Builds the example with its own Vite, for a server on another port than the one in its README. */
async function buildPage(folder: string, serverUrl: string): Promise<void> {
  const vite = join(BROWSER_EXAMPLE, "node_modules/vite/bin/vite.js");
  await promisify(execFile)(process.execPath, [vite, "build", "--outDir", folder, "--emptyOutDir"], {
    cwd: BROWSER_EXAMPLE,
    env: { ...process.env, NODE_ENV: "production", VITE_VECTRON_URL: serverUrl },
  });
}

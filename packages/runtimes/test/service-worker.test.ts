import { readdir } from "node:fs/promises";
import { startServer } from "@vectron/local";
import { expect, test } from "vitest";
import { built } from "./support/runtimes/built.ts";
import { chromiumRuntime, launchChromium } from "./support/runtimes/chromium-runtime.ts";
import { servePage } from "./support/runtimes/page-server.ts";

const API_KEY = "key-of-the-service-worker";

/** For the page, as text, because this program knows no DOM: sends the service worker what to do, and resolves with its answer. */
const ASK = `async (request) => {
  await navigator.serviceWorker.register("/service-worker.js", { type: "module" });
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  active.postMessage(request, [port2]);
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
}`;

test("a service worker in one file makes every call, those whose code is loaded on demand too", {
  timeout: 60_000,
}, async ({ skip }) => {
  const missing = chromiumRuntime.missing();
  if (missing !== undefined && process.env.CI === undefined) {
    console.warn(`service workers are not tested: ${missing}`);
    skip(missing);
  }
  const folder = built("service-worker");
  expect(await readdir(folder)).toEqual(["service-worker.js"]);
  const server = await startServer({ apiKey: API_KEY, httpPort: 0 });
  const site = await servePage({ folder, page: "<!doctype html>" });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    for (const protocol of ["json", "grpc-web", "connect"]) {
      const request = { baseUrl: server.httpUrl, apiKey: API_KEY, protocol };
      const answer = await page.evaluate(`(${ASK})(${JSON.stringify(request)})`);
      expect(answer, protocol).toEqual(["a", null]);
    }
  } finally {
    await browser.close();
    await site.close();
    await server.close();
  }
});

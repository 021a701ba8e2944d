import { existsSync } from "node:fs";
import type { CaseResult } from "@vectron/conformance";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Job } from "../../../src/job.ts";
import { servePage } from "./page-server.ts";
import { JOB_TIMEOUT_MS, type Runtime } from "./runtime.ts";

const EXECUTABLE = process.env.VECTRON_CHROMIUM ?? "/usr/bin/chromium";

/** No sandbox, since tests may run as root; nothing that calls home. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

/** A page in Chromium. Its origin is not the server's, so that every call crosses origins. */
export const chromiumRuntime: Runtime = {
  title: "Chromium",
  missing: () => (existsSync(EXECUTABLE) ? undefined : `there is no Chromium at ${EXECUTABLE}`),
  async start() {
    const server = await servePage();
    const browser = await launchChromium();
    return {
      async run(job) {
        const page = await browser.newPage();
        try {
          await page.goto(server.url);
          return await runInPage(page, job);
        } finally {
          await page.close();
        }
      },
      async close() {
        await browser.close();
        await server.close();
      },
    };
  },
};

async function runInPage(page: Page, job: Job): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  await page.exposeFunction("report", (result: CaseResult) => void results.push(result));
  page.setDefaultTimeout(JOB_TIMEOUT_MS);
  await page.waitForFunction("globalThis.runJob !== undefined");
  await page.evaluate((given) => (globalThis as unknown as { runJob: RunJob }).runJob(given), job);
  return results;
}

type RunJob = (job: Job) => Promise<void>;

import { readdirSync } from "node:fs";
import { Miniflare } from "miniflare";
import { built } from "./built.ts";
import { JOB_TIMEOUT_MS, parseResults, type Runtime } from "./runtime.ts";

/** Starts workerd with one of the workers of the build. */
export function startWorker(name: string, bindings: Record<string, string> = {}): Miniflare {
  const folder = built("bundle/");
  const main = `${name}.js`;
  const chunks = readdirSync(folder).filter((file) => file.endsWith(".js") && file !== main);
  return new Miniflare({
    // The first is the worker; the others are there to be imported.
    modules: [main, ...chunks].map((file) => ({ type: "ESModule", path: `${folder}${file}` })),
    modulesRoot: folder,
    compatibilityDate: "2026-04-01",
    bindings,
  });
}

/** Cloudflare's runtime, without its compatibility layer for Node. */
export const workerdRuntime: Runtime = {
  title: "workerd",
  missing: () => undefined,
  async start() {
    const miniflare = startWorker("worker");
    await miniflare.ready;
    return {
      async run(job) {
        const signal = AbortSignal.timeout(JOB_TIMEOUT_MS);
        const request = { method: "POST", body: JSON.stringify(job), signal };
        const reply = await miniflare.dispatchFetch("http://worker/", request);
        return parseResults(await reply.text());
      },
      close: () => miniflare.dispose(),
    };
  },
};

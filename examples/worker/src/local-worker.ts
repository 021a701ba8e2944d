import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

/** Bundles the worker and runs it in workerd on this machine. `port` 0 takes a free one. */
export async function startLocalWorker(port: number, vectronUrl: string): Promise<Miniflare> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("worker/worker.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return new Miniflare({
    modules: true,
    script: outputFiles[0]!.text,
    compatibilityDate: "2026-04-01",
    // Without it workerd never aborts a request's signal.
    compatibilityFlags: ["enable_request_signal"],
    port,
    bindings: { VECTRON_URL: vectronUrl, VECTRON_API_KEY: "local-key" },
  });
}

import type { Runtime } from "./runtime.ts";
import type { AbortSignalLike } from "./web-globals.ts";

/** Waits; less long if the signal is aborted. */
export function sleep(runtime: Runtime, delayMs: number, signal: AbortSignalLike): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = runtime.setTimer(end, delayMs);
    signal.addEventListener("abort", end, { once: true });
  });
}

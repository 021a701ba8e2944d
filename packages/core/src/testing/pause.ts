import type { Runtime, Timer } from "../runtime/runtime.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";
import { TransportFailure } from "../transport/transport-failure.ts";

/** What a pause needs to know of the attempt that it is part of. */
export interface PauseOptions {
  readonly runtime: Runtime;
  /** Undefined: nothing ends the pause early. */
  readonly signal: AbortSignalLike | undefined;
}

/**
 * Waits `delayMs`, or for ever when that is infinite. Rejects with a `CANCELLED`
 * failure as soon as the signal is aborted, and leaves no timer or listener behind.
 */
export function pause(delayMs: number, { runtime, signal }: PauseOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    const stop = () => {
      timer?.cancel();
      reject(new TransportFailure("CANCELLED", "the attempt was aborted", { requestSent: "unknown" }));
    };
    if (signal?.aborted) return stop();
    if (delayMs === 0) return resolve();
    signal?.addEventListener("abort", stop, { once: true });
    if (delayMs === Number.POSITIVE_INFINITY) return;
    timer = runtime.setTimer(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
  });
}

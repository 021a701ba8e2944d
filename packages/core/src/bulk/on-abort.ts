import type { AbortSignalLike } from "../runtime/web-globals.ts";

/** Calls `listener` when the signal is aborted, or now if it is; returns what ends the listening. */
export function onAbort(signal: AbortSignalLike | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener();
    return () => {};
  }
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

import { forgetAbort, onAbort } from "./abort-listeners.ts";
import type { AbortSignalLike } from "./web-globals.ts";

/** Calls `listener` when the signal is aborted, or now if it is already; returns what ends the listening. */
export function whenAborted(signal: AbortSignalLike | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener();
    return () => {};
  }
  onAbort(signal, listener);
  return () => forgetAbort(signal, listener);
}

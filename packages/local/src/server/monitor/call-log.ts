import type { Logger, StatusCode } from "@vectron/core";
import type { CallListener } from "./call-monitor.ts";

/** Codes of what went wrong in here, as opposed to what callers did. */
const FAULTS: readonly StatusCode[] = ["INTERNAL", "UNKNOWN", "DATA_LOSS"];

/** No failure: callers may leave. */
const QUIET: readonly StatusCode[] = ["OK", "CANCELLED"];

const MAX_REASON_LENGTH = 300;

/**
 * Writes one line for each call: at `debug` when it went well or was cancelled, at `warn` when it failed, at `error`
 * when the server is to blame. A line has the method, protocol, code, time and sizes, and of a failure
 * what the caller was told.
 */
export function callLog(logger: Logger): CallListener {
  return {
    callEnded({ message, ...end }) {
      const { code } = end;
      if (QUIET.includes(code)) {
        logger.debug?.("call ended", end);
        return;
      }
      const fields = { ...end, reason: message.slice(0, MAX_REASON_LENGTH) };
      if (FAULTS.includes(code)) logger.error?.("call failed", fields);
      else logger.warn?.("call failed", fields);
    },
  };
}

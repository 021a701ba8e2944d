import type { CallObserver } from "../call/observer.ts";
import { textOf } from "../errors/text-of.ts";
import type { Logger } from "./logger.ts";

/**
 * Writes calls to a logger: each call that succeeds at `debug`, each attempt that
 * failed and each warning at `warn`, each call that fails at `error`.
 */
export function loggingObserver(logger: Logger): CallObserver {
  return {
    attemptEnded(call, attempt) {
      // A copy that lost a hedge, or a stream that was left, is no failure.
      if (attempt.code === "OK" || attempt.code === "CANCELLED") return;
      logger.warn?.("attempt failed", { ...call, attempt });
    },
    callEnded(call, { error, durationMs, attempts, warnings }) {
      for (const warning of warnings) logger.warn?.(warning, { ...call });
      if (error === undefined)
        logger.debug?.("call succeeded", { ...call, durationMs, attempts: attempts.length });
      else logger.error?.("call failed", { ...call, durationMs, error: errorFields(error) });
    },
  };
}

function errorFields(error: Error): unknown {
  return "toJSON" in error && typeof error.toJSON === "function" ? error.toJSON() : textOf(error);
}

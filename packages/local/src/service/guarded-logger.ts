import type { Logger } from "@vectron/core";

const LEVELS = ["debug", "info", "warn", "error"] as const;

/** A logger that never throws: no call may fail because its line could not be written. */
export function guardedLogger(logger: Logger): Logger {
  const guarded: { -readonly [Level in keyof Logger]: Logger[Level] } = {};
  for (const level of LEVELS) {
    if (logger[level] === undefined) continue;
    guarded[level] = (message, fields) => {
      try {
        logger[level]?.(message, fields);
      } catch {
        // There is nobody left to tell.
      }
    };
  }
  return guarded;
}

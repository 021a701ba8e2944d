import { EXIT } from "./exit-codes.ts";

/** Ctrl-C and SIGTERM, as a signal that a command ends on in good order. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit code of what interrupted; undefined while nothing did. */
  readonly exitCode: number | undefined;
  /** Listens no longer: the process ends at once again. */
  stop(): void;
}

/**
 * Listens for Ctrl-C and SIGTERM. The first aborts `signal`, the second ends the
 * process at once.
 *
 * @param onFirst - called with the first, to tell the user what happens now
 */
export function listenForInterrupt(onFirst: () => void = () => undefined): Interrupt {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const on = (code: number) => () => {
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    onFirst();
    controller.abort();
  };
  const onInt = on(EXIT.interrupted);
  const onTerm = on(EXIT.terminated);
  process.on("SIGINT", onInt);
  process.on("SIGTERM", onTerm);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    stop() {
      process.off("SIGINT", onInt);
      process.off("SIGTERM", onTerm);
    },
  };
}

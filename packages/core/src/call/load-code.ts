import { CancelledError, DeadlineExceededError } from "../errors/error-classes.ts";
import type { VectronError } from "../errors/vectron-error.ts";
import { importCode } from "../runtime/import-code.ts";
import { END_TEXTS } from "./call-error.ts";
import { type CallOptions, requireSignal, requireTimeout } from "./call-options.ts";
import type { CallRunner } from "./call-runner.ts";
import { CallEnded } from "./call-scope.ts";

/**
 * Gets the code of an operation before any of it is done, in the time that the
 * operation's call has and unless it is cancelled: what handles a failure is never
 * loaded once something has failed.
 *
 * @param options - those of the operation, not checked yet
 * @param load - a dynamic `import`
 */
export async function loadCode<T>(
  runner: CallRunner,
  options: CallOptions | undefined,
  load: () => Promise<T>,
): Promise<T> {
  const { signal, timeoutMs } = options ?? {};
  if (signal !== undefined) requireSignal("options.signal", signal);
  const limitMs = timeoutMs === undefined ? runner.timeoutMs : requireTimeout("options.timeoutMs", timeoutMs);
  try {
    return await runner.within(limitMs, signal, () => importCode(load));
  } catch (error) {
    throw error instanceof CallEnded ? errorOf(error) : error;
  }
}

function errorOf({ end }: CallEnded): VectronError {
  if (end.kind === "deadline") {
    return new DeadlineExceededError("the deadline passed while the call's code was loaded", {
      retryable: true,
    });
  }
  return new CancelledError(END_TEXTS[end.kind], { cause: end.kind === "aborted" ? end.reason : undefined });
}

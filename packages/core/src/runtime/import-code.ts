import { UnavailableError } from "../errors/error-classes.ts";
import { textOf } from "../errors/text-of.ts";

/**
 * Gets code that few programs need and that is therefore no part of what they
 * load at start. Asked anew at each use, which platforms answer from their cache:
 * nobody waits for another's promise, and nobody inherits its failure.
 *
 * @param load - a dynamic `import`
 * @throws UnavailableError when it cannot be had
 */
export async function importCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new UnavailableError(`the code that this takes could not be loaded: ${textOf(cause)}`, {
      cause,
      retryable: true,
    });
  }
}

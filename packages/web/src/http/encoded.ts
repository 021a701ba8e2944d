import type { MethodDescriptor } from "@vectron/core";
import { notSent } from "./not-sent.ts";

/**
 * The encoding of a request.
 *
 * @throws TransportFailure when a value does not fit
 */
export function encoded<T>({ name }: MethodDescriptor<unknown, unknown>, encode: () => T): T {
  try {
    return encode();
  } catch (cause) {
    throw notSent("INTERNAL", `the request of ${name} cannot be encoded: ${(cause as Error).message}`, cause);
  }
}

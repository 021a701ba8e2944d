import type { Metadata } from "@vectron/core";
import { isUnguarded } from "../parity/strict-parity.ts";
import { authentication } from "./authentication.ts";
import type { AnyMethod } from "./methods.ts";
import { limitRate } from "./rate-limit.ts";
import type { ResolvedServerOptions } from "./resolve-options.ts";

/** Lets a call pass, or throws the `TransportFailure` that refuses it. */
export type CallGuard = (method: AnyMethod, headers: Metadata) => void;

/**
 * What stands before every call, in the order of a stock server: who calls, then how often.
 *
 * @param onRateLimited - told of each call that is refused for being one too many
 */
export function callGuard(options: ResolvedServerOptions, onRateLimited?: () => void): CallGuard {
  const { rateLimit, strictParity } = options;
  const authenticate = authentication(options);
  const limit = rateLimit === undefined ? undefined : limitRate(rateLimit, undefined, onRateLimited);
  return (method, headers) => {
    if (strictParity && isUnguarded(method)) return;
    const user = authenticate(headers);
    limit?.(user);
  };
}

import type { Metadata } from "@vectron/core";
import { isUnguarded } from "../parity/strict-parity.ts";
import { type Authenticate, ONLY_USER, requireSignedToken, requireToken } from "./authentication.ts";
import type { AnyMethod } from "./methods.ts";
import { limitRate } from "./rate-limit.ts";
import type { ResolvedServerOptions } from "./resolve-options.ts";

/** Lets a call pass, or throws the `TransportFailure` that refuses it. */
export type CallGuard = (method: AnyMethod, headers: Metadata) => void;

/** What stands before every call, in the order of a stock server: who calls, then how often. */
export function callGuard(options: ResolvedServerOptions): CallGuard {
  const { rateLimit, strictParity } = options;
  const authenticate = authentication(options);
  const limit = rateLimit === undefined ? undefined : limitRate(rateLimit);
  return (method, headers) => {
    if (strictParity && isUnguarded(method)) return;
    const user = authenticate(headers);
    limit?.(user);
  };
}

function authentication({ apiKey, jwtSecret }: ResolvedServerOptions): Authenticate {
  if (jwtSecret !== undefined) return requireSignedToken(jwtSecret);
  return apiKey === undefined ? () => ONLY_USER : requireToken(apiKey);
}

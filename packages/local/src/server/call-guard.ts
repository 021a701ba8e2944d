import type { Metadata } from "@vectron/core";
import { isUnguarded } from "../parity/strict-parity.ts";
import { type Guard, requireToken } from "./authentication.ts";
import type { AnyMethod } from "./methods.ts";
import { limitRate } from "./rate-limit.ts";
import type { ResolvedServerOptions } from "./resolve-options.ts";

/** Lets a call pass, or throws the `TransportFailure` that refuses it. */
export type CallGuard = (method: AnyMethod, headers: Metadata) => void;

/** What stands before every call, in the order of a stock server: who calls, then how often. */
export function callGuard({ apiKey, rateLimit, strictParity }: ResolvedServerOptions): CallGuard {
  const guards: Guard[] = [];
  if (apiKey !== undefined) guards.push(requireToken(apiKey));
  if (rateLimit !== undefined) guards.push(limitRate(rateLimit));
  return (method, headers) => {
    if (strictParity && isUnguarded(method)) return;
    for (const guard of guards) guard(headers);
  };
}

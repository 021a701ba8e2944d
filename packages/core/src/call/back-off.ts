import type { Runtime } from "../runtime/runtime.ts";
import type { RetryPolicy } from "./retry-options.ts";

/** The pause before retry number `retry` (0 for the first), in milliseconds: exponential, capped, jittered. */
export function backOffMs(policy: RetryPolicy, retry: number, runtime: Runtime): number {
  const full = Math.min(policy.maxDelayMs, policy.initialDelayMs * policy.multiplier ** retry);
  return full * (1 - policy.jitter * runtime.random());
}

/**
 * The pause after a rate limit that names none. A stock server counts refused
 * calls too, in windows of 1 s: a wait of about one window, spread out.
 */
export function rateLimitPauseMs(runtime: Runtime): number {
  return 500 + 1_000 * runtime.random();
}

const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 1_000;

/** The pause before poll number `poll` (0 for the first) of something that is getting ready. */
export function pollPauseMs(poll: number): number {
  return Math.min(SLOWEST_POLL_MS, FIRST_POLL_MS * 1.5 ** poll);
}

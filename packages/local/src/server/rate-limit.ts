import { failure } from "../service/failures.ts";
import type { Guard } from "./authentication.ts";

const WINDOW_MS = 1_000;

/**
 * Allows so many calls in each window of one second, as a stock server does for
 * each user: a window begins with the first call after the last one ended, and
 * calls that are refused count too.
 *
 * @param now - the time in milliseconds, from any beginning
 */
export function limitRate(callsPerSecond: number, now: () => number = () => performance.now()): Guard {
  let windowEnd = Number.NEGATIVE_INFINITY;
  let calls = 0;
  return () => {
    const time = now();
    if (time >= windowEnd) {
      windowEnd = time + WINDOW_MS;
      calls = 0;
    }
    calls++;
    if (calls > callsPerSecond) {
      throw failure("RESOURCE_EXHAUSTED", `rate limit of ${callsPerSecond} RPS exceeded`);
    }
  };
}

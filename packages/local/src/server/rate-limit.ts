import { failure } from "../service/failures.ts";

const WINDOW_MS = 1_000;

/** How many users' windows are kept before those that are over are looked for. */
const MANY_USERS = 1_000;

interface Window {
  readonly end: number;
  calls: number;
}

/**
 * Allows each user so many calls in each window of one second, as a stock server
 * does: a window begins with the first call after the last one ended, and calls
 * that are refused count too.
 *
 * @param now - the time in milliseconds, from any beginning
 * @param onRefused - told of each call that is refused
 * @returns what counts a user's call, and throws the `TransportFailure` that refuses it
 */
export function limitRate(
  callsPerSecond: number,
  now: () => number = () => performance.now(),
  onRefused: () => void = () => undefined,
): (user: string) => void {
  const windows = new Map<string, Window>();
  const open = (user: string, time: number): Window => {
    if (windows.size >= MANY_USERS) {
      for (const [name, { end }] of windows) if (time >= end) windows.delete(name);
    }
    const window = { end: time + WINDOW_MS, calls: 0 };
    windows.set(user, window);
    return window;
  };
  return (user) => {
    const time = now();
    const last = windows.get(user);
    const window = last === undefined || time >= last.end ? open(user, time) : last;
    window.calls++;
    if (window.calls > callsPerSecond) {
      onRefused();
      throw failure("RESOURCE_EXHAUSTED", `rate limit of ${callsPerSecond} RPS exceeded`);
    }
  };
}

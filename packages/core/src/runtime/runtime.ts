import { webGlobals } from "./web-globals.ts";

/** A timer that can be stopped. */
export interface Timer {
  cancel(): void;
}

/** Everything that differs by JavaScript runtime, or that a test wants to control. */
export interface Runtime {
  /** The current time, in milliseconds since 1970. */
  now(): number;
  /** Runs `task` once, after `delayMs`. */
  setTimer(task: () => void, delayMs: number): Timer;
  /** A random number from 0 up to, but not including, 1. */
  random(): number;
  /**
   * Whether one caller may wait for a promise that another caller made. False in
   * edge workers, where a promise of a request that has ended never settles.
   */
  readonly sharesPromises: boolean;
}

/** The runtime's own clock, timers and random numbers. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  setTimer(task, delayMs) {
    const timer = webGlobals.setTimeout(task, delayMs);
    return { cancel: () => webGlobals.clearTimeout(timer) };
  },
  random: () => Math.random(),
  sharesPromises: true,
};

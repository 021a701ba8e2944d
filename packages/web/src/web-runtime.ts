import { type Runtime, systemRuntime } from "@vectron/core";

/**
 * The platform's clock, timers and random numbers. Promises are not shared
 * between callers: in an edge worker one that belongs to a request which has
 * ended never settles.
 */
export const webRuntime: Runtime = { ...systemRuntime, sharesPromises: false };

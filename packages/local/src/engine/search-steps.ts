import type { AbortSignalLike } from "@vectron/core";
import type { RowHit } from "./row-hit.ts";
import { nextTurn } from "./turns.ts";

/**
 * A search that stops where it would keep the event loop too long, or has to wait
 * for the promise that it yields. What it returns is right at that moment.
 */
export type SearchSteps = Generator<Promise<unknown> | undefined, readonly RowHit[], void>;

/**
 * Takes a search to its end, and makes something of its hits before anything can
 * change. A small search ends within this turn of the event loop.
 *
 * Rejects with the signal's reason when that aborts first.
 */
export async function finishSearch<T>(
  steps: SearchSteps,
  take: (hits: readonly RowHit[]) => T,
  signal?: AbortSignalLike,
): Promise<T> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return take(step.value);
      await (step.value ?? nextTurn());
      if (signal?.aborted === true) throw signal.reason;
    }
  } finally {
    steps.return([]);
  }
}

/** The hits of a search that has nothing to wait for, without a stop. */
export function finishNow(steps: SearchSteps): readonly RowHit[] {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (step.value !== undefined) throw new Error("the search has to wait");
  }
}

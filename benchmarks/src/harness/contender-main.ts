import { answerParent } from "./child.ts";
import type { ContenderSetup, Prepare, Prepared } from "./process-contender.ts";
import { costOf } from "./round-cost.ts";

// Runs in the process of one contender: first comes what to prepare, then how often to run it.

let prepared: Prepared | undefined;

answerParent(async (message: ContenderSetup | number) => {
  if (typeof message === "number") {
    if (prepared === undefined) throw new Error("the contender has not been prepared");
    const { run } = prepared;
    return costOf(message, () => run(message));
  }
  const { prepare } = (await import(message.module)) as { prepare: Prepare<unknown> };
  prepared = await prepare(message.setup);
  return undefined;
});

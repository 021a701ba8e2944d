import { answerParent } from "./child.ts";
import { profileWork } from "./cpu-profile.ts";
import type { ContenderSetup, Prepare, Prepared, Profiled } from "./process-contender.ts";
import { costOf } from "./round-cost.ts";

// Runs in the process of one contender: first comes what to prepare, then how often to run it, or to
// run it under a profiler.

let prepared: Prepared | undefined;

answerParent(async (message: ContenderSetup | Profiled | number) => {
  if (typeof message === "number") return costOf(message, () => ready().run(message));
  if ("profiled" in message) return profileWork(() => ready().run(message.profiled));
  const { prepare } = (await import(message.module)) as { prepare: Prepare<unknown> };
  prepared = await prepare(message.setup);
  return undefined;
});

function ready(): Prepared {
  if (prepared === undefined) throw new Error("the contender has not been prepared");
  return prepared;
}

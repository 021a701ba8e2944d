import { Child } from "./child.ts";
import type { Contender } from "./contender.ts";
import { type Effort, findOperations, interleave, type Outcome } from "./interleave.ts";
import type { Profile } from "./profile-shares.ts";
import type { RoundCost } from "./round-cost.ts";

/** What the module of a contender exports as `prepare`: it makes what is measured. */
export type Prepare<S> = (setup: S) => Promise<Prepared> | Prepared;

/** An operation that is ready to be measured. */
export interface Prepared {
  /** Does it so many times. */
  run(operations: number): Promise<void>;
}

/** A contender in a process of its own. */
export interface ProcessContender extends Contender {
  profile(operations: number): Promise<Profile>;
}

/** What the process of a contender is told first. */
export interface ContenderSetup {
  /** URL of a module with a `prepare`. */
  readonly module: string;
  readonly setup: unknown;
}

/** Asks the process of a contender for a profile of so many operations. */
export interface Profiled {
  readonly profiled: number;
}

const MAIN = new URL("./contender-main.ts", import.meta.url);

/**
 * Starts a contender in a process of its own, so that what is counted is its own
 * CPU time, and no other contender has shaped its machine code or its heap.
 *
 * @param module - exports `prepare`, which takes `setup`
 */
export async function processContender<S>(name: string, module: URL, setup: S): Promise<ProcessContender> {
  const { child } = await Child.start(MAIN, { module: module.href, setup } satisfies ContenderSetup);
  return {
    name,
    run: (operations) => child.ask<RoundCost>(operations),
    profile: (operations) => child.ask<Profile>({ profiled: operations } satisfies Profiled),
    close: () => child.stop(),
  };
}

/**
 * Measures contenders that each have a process of their own, and ends those processes.
 *
 * @param starting - as `processContender` gives them
 */
export async function interleaveProcesses(
  starting: readonly Promise<Contender>[],
  effort: Effort,
): Promise<Outcome[]> {
  const started = await Promise.allSettled(starting);
  try {
    const failed = started.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return await interleave(contendersOf(started), effort);
  } finally {
    await Promise.all(contendersOf(started).map((contender) => contender.close()));
  }
}

function contendersOf(started: readonly PromiseSettledResult<Contender>[]): Contender[] {
  return started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

/**
 * Says where the time of a contender goes, once it is warm.
 *
 * @param starting - as `processContender` gives it
 * @param effort - the profile takes one round
 */
export async function profileProcess(starting: Promise<ProcessContender>, effort: Effort): Promise<Profile> {
  const contender = await starting;
  try {
    return await contender.profile(await findOperations(contender, effort));
  } finally {
    await contender.close();
  }
}

import type { Contender } from "./contender.ts";
import type { RoundCost } from "./round-cost.ts";

/** How long to measure. */
export interface Effort {
  /** How often each contender's turn comes. */
  readonly rounds: number;
  /** How long a turn lasts, about. */
  readonly roundMs: number;
  /**
   * How much CPU time each contender has before it is measured. V8 compiles what is hot on threads that are counted
   * too, and its heap grows to what the work needs: until both have settled, a contender pays for being new.
   */
  readonly warmUpMs: number;
}

/** What became of one contender: the cost of each of its rounds, or why it could not go on. */
export interface Outcome {
  readonly name: string;
  readonly rounds: readonly RoundCost[];
  readonly failure: string | undefined;
}

interface Entry {
  readonly contender: Contender;
  readonly rounds: RoundCost[];
  operations: number;
  failure: string | undefined;
}

/**
 * Measures contenders in turns, so that whatever the machine does meanwhile meets
 * all of them, and round by round their costs can be compared. Before that each
 * one warms up while the length of its turns is found. The order changes with
 * every round. One that fails is out, and the others go on.
 */
export async function interleave(contenders: readonly Contender[], effort: Effort): Promise<Outcome[]> {
  const entries = contenders.map(
    (contender): Entry => ({ contender, rounds: [], operations: 1, failure: undefined }),
  );
  for (const entry of entries) {
    await attempt(entry, async () => {
      entry.operations = await findOperations(entry.contender, effort);
    });
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const entry = entries[(round + turn) % entries.length] as Entry;
      await attempt(entry, async () => {
        entry.rounds.push(await entry.contender.run(entry.operations));
      });
    }
  }
  return entries.map(({ contender, rounds, failure }) => ({ name: contender.name, rounds, failure }));
}

async function attempt(entry: Entry, work: () => Promise<void>): Promise<void> {
  if (entry.failure !== undefined) return;
  try {
    await work();
  } catch (error) {
    entry.failure = (error as Error).message;
  }
}

/** Warms a contender up; gives how many of its operations take about `roundMs` then. */
export async function findOperations(contender: Contender, { roundMs, warmUpMs }: Effort): Promise<number> {
  let operations = 1;
  for (let spentMs = 0, inRange = false; spentMs < warmUpMs || !inRange; ) {
    const { cpuMicros, wallMicros } = await contender.run(operations);
    spentMs += cpuMicros / 1_000;
    const share = (roundMs * 1_000) / Math.max(wallMicros, 1);
    inRange = share < 2;
    // The first operations are slow: what they took says little of how many there will be.
    operations = Math.max(1, Math.round(operations * Math.min(share, 10)));
  }
  return operations;
}

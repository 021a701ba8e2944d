import type { Outcome } from "./interleave.ts";
import type { RoundCost } from "./round-cost.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** What is compared of a round. */
export type Measure = (round: RoundCost) => number;

/** CPU time of the process, in microseconds for each operation. */
export const cpuMicros: Measure = ({ cpuMicros, operations }) => cpuMicros / operations;

/** Time that passed, in microseconds for each operation. */
export const wallMicros: Measure = ({ wallMicros, operations }) => wallMicros / operations;

/** Operations in a second. */
export const perSecond: Measure = ({ wallMicros, operations }) => (operations * 1_000_000) / wallMicros;

/** One measure over all rounds. */
export function measured({ name, rounds, failure }: Outcome, measure: Measure): Spread {
  if (failure !== undefined) throw new Error(`${name} failed: ${failure}`);
  return spreadOf(rounds.map(measure));
}

/** How many times `base` one contender takes: of the rounds that were next to each other. */
export function ratio(one: Outcome, base: Outcome, measure: Measure): Spread {
  if (one.failure !== undefined) throw new Error(`${one.name} failed: ${one.failure}`);
  return spreadOf(
    one.rounds.map((round, index) => {
      const other = base.rounds[index];
      if (other === undefined) throw new Error(`${base.name} has no round ${index}: ${base.failure}`);
      return measure(round) / measure(other);
    }),
  );
}

/** The contender of that name. */
export function outcomeOf(outcomes: readonly Outcome[], name: string): Outcome {
  const found = outcomes.find((outcome) => outcome.name === name);
  if (found === undefined) throw new Error(`nothing was measured under the name ${name}`);
  return found;
}

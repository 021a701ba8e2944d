import { cpuMicros, type Measure, measured, outcomeOf, perSecond, ratio } from "../harness/compare.ts";
import type { Outcome } from "../harness/interleave.ts";
import { formatSpread } from "../report/format.ts";
import type { Table } from "../report/section-report.ts";
import type { LoaderName } from "./load-contender.ts";

export const EXISTING_LOADER: LoaderName = "existing client's upsertBatch, array of number[]";

/** How fast loaders were, and what they cost, beside the existing client; each round was loads of `points`. */
export function loadTable(title: string, points: number, outcomes: readonly Outcome[]): Table {
  const existing = outcomeOf(outcomes, EXISTING_LOADER);
  const pointsPerSecond: Measure = (round) => perSecond(round) * points;
  const cpuPerPoint: Measure = (round) => cpuMicros(round) / points;
  return {
    title,
    columns: ["loader", "points a second", "times the existing client", "client CPU µs a point"],
    rows: outcomes.map((outcome) => [
      outcome.name,
      formatSpread(measured(outcome, pointsPerSecond)),
      formatSpread(ratio(outcome, existing, perSecond), "x"),
      formatSpread(measured(outcome, cpuPerPoint)),
    ]),
  };
}

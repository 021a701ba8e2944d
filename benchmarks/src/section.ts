import type { SectionReport } from "./report/section-report.ts";

/** One part of the benchmarks, which can be run alone. */
export interface Section {
  /** Its name on the command line, and of its file of results. */
  readonly id: string;
  run(settings: RunSettings): Promise<SectionReport>;
}

export interface RunSettings {
  /** Whether to see only that it works: a tenth of the effort, and figures that mean little. */
  readonly quick: boolean;
  /** Tells what is being done. */
  log(what: string): void;
}

import type { Environment } from "./environment.ts";
import type { SectionReport } from "./section-report.ts";

/** A section's report with when, where and how it was made. */
export interface StoredSection {
  readonly id: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly command: string;
  readonly environment: Environment;
  readonly report: SectionReport;
}

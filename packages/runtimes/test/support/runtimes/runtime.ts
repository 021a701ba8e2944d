import type { CaseResult } from "@vectron/conformance";
import type { Job } from "../../../src/job.ts";

/** A runtime that is ready to run jobs, one after another. */
export interface RunningRuntime {
  /** Runs a job to its end. Rejects when the runtime fails, or does not come to an end. */
  run(job: Job): Promise<CaseResult[]>;
  close(): Promise<void>;
}

/** A runtime, and how to come by it. */
export interface Runtime {
  /** Name and version, for the table. */
  readonly title: string;
  /** Why it cannot be used on this machine; undefined if it can. */
  missing(): string | undefined;
  start(): Promise<RunningRuntime>;
}

/** How long one job may take. A hang guard, not a bar. */
export const JOB_TIMEOUT_MS = 600_000;

/** Reads the lines that programs write. */
export function parseResults(text: string): CaseResult[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as CaseResult);
}

// For a page. Whoever opened it calls `runJob`, and takes the results by `report`.
import type { CaseResult } from "@vectron/conformance";
import { fetchConnectors } from "./fetch-connectors.ts";
import type { Job } from "./job.ts";
import { runJob } from "./run-job.ts";

/** What the page and the test that opened it know each other by. */
interface PageGlobals {
  runJob?: (job: Job) => Promise<void>;
  readonly report: (result: CaseResult) => void;
}

const page = globalThis as unknown as PageGlobals;

page.runJob = (job) => runJob(job, fetchConnectors, (result) => page.report(result));

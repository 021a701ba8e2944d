import { afterAll, afterEach, beforeAll, beforeEach, describe, type TestContext, test } from "vitest";
import { allCases } from "./cases/all-cases.ts";
import { DEFAULT_CASE_TIMEOUT_MS, Suite, type SuiteOptions } from "./suite.ts";
import type { ConformanceTarget } from "./target.ts";

/** A target that is open, and how to close it. */
export interface OpenTarget {
  readonly target: ConformanceTarget;
  close(): Promise<void>;
}

/** How the target is opened. */
export interface DescribeOptions extends SuiteOptions {
  /** Whether it is opened for each case and closed after it. Default: once for all of them. */
  readonly opensEachCase?: boolean;
}

/** Registers one vitest test per case, against the target that `open` makes before the first of them. */
export function describeConformance(
  name: string,
  open: () => OpenTarget | Promise<OpenTarget>,
  options: DescribeOptions = {},
): void {
  const { cases = allCases, caseTimeoutMs = DEFAULT_CASE_TIMEOUT_MS, opensEachCase = false } = options;
  describe(name, () => {
    let opened: OpenTarget | undefined;
    let suite: Suite | undefined;

    const setUp = async () => {
      opened = await open();
      suite = new Suite(opened.target, options);
    };
    const tearDown = async () => {
      await suite?.close();
      await opened?.close();
      suite = opened = undefined;
    };
    if (opensEachCase) {
      beforeEach(setUp);
      afterEach(tearDown);
    } else {
      beforeAll(setUp);
      afterAll(tearDown);
    }

    for (const conformanceCase of cases) {
      const run = async ({ skip }: TestContext) => {
        const result = await suite!.run(conformanceCase);
        if (result.status === "skipped") skip(result.reason);
        if (result.error !== undefined) throw Object.assign(new Error(), result.error);
      };
      // The suite's own limit says more, so it comes first; cleaning up has some time beyond it.
      test(`${conformanceCase.id}: ${conformanceCase.title}`, { timeout: 2 * caseTimeoutMs }, run);
    }
  });
}

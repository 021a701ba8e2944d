import type { CaseResult } from "@vectron/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cell, RuntimeName } from "../../src/job.ts";
import { nameOf, problemsOf } from "./matrix.ts";
import { runtimes } from "./runtimes/all-runtimes.ts";
import { JOB_TIMEOUT_MS, type RunningRuntime } from "./runtimes/runtime.ts";
import { type Servers, startServers } from "./servers.ts";

/** What became of a combination. */
export interface CellResults {
  readonly cell: Cell;
  readonly results: readonly CaseResult[];
}

/**
 * Registers a test for each combination: the whole suite, in its runtime. A
 * runtime that is missing is skipped out loud, except in CI, where it fails.
 *
 * @param onResults - takes what became of each combination, good or not
 */
export function describeCells(cells: readonly Cell[], onResults?: (results: CellResults) => void): void {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers();
  });
  afterAll(() => servers?.close());

  for (const runtime of new Set(cells.map((cell) => cell.runtime))) {
    describe(runtime, () => {
      const running = startLate(runtime);
      for (const cell of cells.filter((other) => other.runtime === runtime)) {
        test(nameOf(cell), { timeout: 2 * JOB_TIMEOUT_MS }, async ({ skip }) => {
          const missing = runtimes[runtime].missing();
          if (missing !== undefined && process.env.CI === undefined) {
            console.warn(`${nameOf(cell)} is not tested: ${missing}`);
            skip(missing);
          }
          expect(missing).toBeUndefined();
          const results = await (await running.get()).run({ ...cell, ...servers.locate(cell) });
          onResults?.({ cell, results });
          expect(problemsOf(results)).toEqual([]);
        });
      }
    });
  }
}

/** Starts a runtime when it is first asked for, and closes it after its tests. */
function startLate(name: RuntimeName): { get(): Promise<RunningRuntime> } {
  let started: Promise<RunningRuntime> | undefined;
  afterAll(async () => (await started)?.close());
  return {
    get() {
      started ??= runtimes[name].start();
      return started;
    },
  };
}

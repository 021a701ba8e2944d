import { CAPABILITIES, type Capability } from "./capabilities.ts";
import { CaseScope, type SuiteResources, withKey } from "./case-scope.ts";
import { allCases } from "./cases/all-cases.ts";
import type { CaseContext, ConformanceCase } from "./conformance-case.ts";
import { globals } from "./globals.ts";
import { type KnownGap, knownGaps } from "./known-gaps.ts";
import type { ConformanceTarget } from "./target.ts";

/** How one case ended on one target. Plain data: it can leave a worker or a page. */
export interface CaseResult {
  readonly id: string;
  readonly status: "passed" | "failed" | "skipped";
  /** Why it was skipped: what the target lacks, or the known gap. */
  readonly reason?: string;
  /** Why it failed. */
  readonly error?: CaseFailure;
}

/** An error as plain data. */
export interface CaseFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** How long a case may take when nothing else is said, in milliseconds. */
export const DEFAULT_CASE_TIMEOUT_MS = 60_000;

/** What can be changed about a run. */
export interface SuiteOptions {
  /** Default: every case. */
  readonly cases?: readonly ConformanceCase[];
  /** Default: those of `known-gaps.ts`. */
  readonly gaps?: readonly KnownGap[];
  /** How long a case may take before it counts as hanging. No bar for speed. Default 60,000. */
  readonly caseTimeoutMs?: number;
}

/** Which cases to run, and who hears of them. */
export interface RunOptions extends SuiteOptions {
  /** Ids, or topics (what stands before the `/`). Default: all. */
  readonly only?: readonly string[];
  /** Called as each case ends. */
  readonly onResult?: (result: CaseResult) => void;
}

/** The cases, ready to be run one by one against one target. */
export class Suite {
  readonly cases: readonly ConformanceCase[];
  readonly #resources: SuiteResources;
  readonly #gaps: ReadonlyMap<string, KnownGap>;
  readonly #caseTimeoutMs: number;

  /** Throws for a capability that does not exist, and for a gap that names a case which does not. */
  constructor(target: ConformanceTarget, options: SuiteOptions = {}) {
    const { cases = allCases, gaps = knownGaps, caseTimeoutMs = DEFAULT_CASE_TIMEOUT_MS } = options;
    this.cases = cases;
    this.#gaps = gapsOf(target, gaps, cases);
    this.#caseTimeoutMs = caseTimeoutMs;
    this.#resources = {
      target,
      capabilities: checkCapabilities(target),
      client: target.connect(withKey(target, {})),
      nextName: uniqueNames(),
    };
  }

  /** Runs one case. Never rejects. */
  async run(conformanceCase: ConformanceCase): Promise<CaseResult> {
    const { id, needs = [] } = conformanceCase;
    const lacking = needs.filter((need) => !this.#resources.capabilities.has(need));
    if (lacking.length > 0)
      return { id, status: "skipped", reason: `the target lacks: ${lacking.join(", ")}` };

    const error = await this.#attempt(conformanceCase);
    const gap = this.#gaps.get(id);
    if (gap === undefined)
      return error === undefined ? { id, status: "passed" } : { id, status: "failed", error };
    if (error !== undefined) return { id, status: "skipped", reason: `known gap: ${gap.reason}` };
    const passes = new Error(`this is a known gap, and it passes: take it off the list (${gap.reason})`);
    return { id, status: "failed", error: toFailure(passes) };
  }

  /** Closes the shared client. */
  close(): Promise<void> {
    return this.#resources.client.close();
  }

  async #attempt(conformanceCase: ConformanceCase): Promise<CaseFailure | undefined> {
    const scope = new CaseScope(this.#resources);
    try {
      await this.#inTime(conformanceCase, scope);
    } catch (error) {
      // The first failure tells more than what cleaning up makes of it.
      await scope.cleanUp().catch(() => undefined);
      return toFailure(error);
    }
    try {
      await scope.cleanUp();
    } catch (error) {
      return toFailure(new Error(`cleaning up after the case failed: ${String(error)}`, { cause: error }));
    }
    return undefined;
  }

  async #inTime({ run }: ConformanceCase, context: CaseContext): Promise<void> {
    let timer: unknown;
    const hanging = new Promise<never>((_, reject) => {
      const message = `the case did not end within ${this.#caseTimeoutMs} ms`;
      timer = globals.setTimeout(() => reject(new Error(message)), this.#caseTimeoutMs);
    });
    try {
      await Promise.race([run(context), hanging]);
    } finally {
      globals.clearTimeout(timer);
    }
  }
}

/** Runs the suite, one case after another, and returns what became of each. */
export async function runSuite(target: ConformanceTarget, options: RunOptions = {}): Promise<CaseResult[]> {
  const suite = new Suite(target, options);
  const results: CaseResult[] = [];
  try {
    for (const conformanceCase of suite.cases) {
      if (!isChosen(conformanceCase.id, options.only)) continue;
      const result = await suite.run(conformanceCase);
      options.onResult?.(result);
      results.push(result);
    }
  } finally {
    await suite.close();
  }
  return results;
}

function isChosen(id: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((name) => id === name || id.startsWith(`${name}/`));
}

function checkCapabilities({ name, capabilities }: ConformanceTarget): ReadonlySet<Capability> {
  for (const capability of capabilities) {
    if (!Object.hasOwn(CAPABILITIES, capability))
      throw new TypeError(`target ${name} has a capability that is not known: ${capability}`);
  }
  return new Set(capabilities);
}

function gapsOf(
  target: ConformanceTarget,
  gaps: readonly KnownGap[],
  cases: readonly ConformanceCase[],
): ReadonlyMap<string, KnownGap> {
  const ids = new Set(cases.map(({ id }) => id));
  for (const gap of gaps) {
    if (!ids.has(gap.id)) throw new TypeError(`a known gap names no case: ${gap.id}`);
  }
  return new Map(
    gaps.filter((gap) => (gap.target ?? target.name) === target.name).map((gap) => [gap.id, gap]),
  );
}

function uniqueNames(): () => string {
  const run = Math.floor(Math.random() * 2 ** 32).toString(36);
  let last = 0;
  return () => `conformance-${run}-${++last}`;
}

function toFailure(error: unknown): CaseFailure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: String(error) };
  const { name, message, stack = "" } = error;
  return { name, message, stack };
}

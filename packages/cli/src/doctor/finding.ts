export type Verdict = "ok" | "warning" | "failed" | "skipped";

/** What a check found. */
export interface Finding {
  readonly verdict: Verdict;
  /** What is the case, in a sentence. */
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
  /** The facts, for programs. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** One thing that the doctor looks at. */
export interface Check<P> {
  readonly name: string;
  /** What it throws is a finding too: a failure that nobody thought of. */
  run(patient: P): Promise<Finding>;
  /** The checks without which this one cannot succeed; those that are not made do not count. */
  readonly needs: readonly string[];
}

export function ok(detail: string, data?: Finding["data"]): Finding {
  return { verdict: "ok", detail, data };
}

export function warning(detail: string, advice: string, data?: Finding["data"]): Finding {
  return { verdict: "warning", detail, advice, data };
}

export function failed(detail: string, advice: string, data?: Finding["data"]): Finding {
  return { verdict: "failed", detail, advice, data };
}

export function skipped(detail: string): Finding {
  return { verdict: "skipped", detail };
}

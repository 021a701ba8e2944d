import { authCheck } from "./auth.ts";
import { callsCheck } from "./calls.ts";
import { cleanUp } from "./clean-up.ts";
import { clockCheck } from "./clock.ts";
import { dnsCheck } from "./dns.ts";
import { type Check, type Finding, failed, skipped } from "./finding.ts";
import { httpCheck } from "./http.ts";
import { http2Check } from "./http2.ts";
import { keepaliveCheck } from "./keepalive.ts";
import { latencyCheck } from "./latency.ts";
import { limitsCheck } from "./limits.ts";
import { isRemote, type Patient } from "./patient.ts";
import { tcpCheck } from "./tcp.ts";
import { tlsCheck } from "./tls.ts";

/** A finding, and what found it. */
export interface NamedFinding extends Finding {
  readonly name: string;
}

/** Makes every check in order; each finding is reported as it comes. */
export async function examine(
  patient: Patient,
  report: (finding: NamedFinding) => void,
): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = [];
  const note = (name: string, finding: Finding) => {
    findings.push({ name, ...finding });
    report({ name, ...finding });
  };
  const broken = new Set<string>();
  for (const { name, needs, run } of checksFor(patient)) {
    const missing = patient.signal.aborted
      ? "a run that is not interrupted"
      : needs.find((need) => broken.has(need));
    const finding = missing === undefined ? await attempt(run) : skipped(`it needs ${missing}`);
    if (missing !== undefined || finding.verdict === "failed") broken.add(name);
    note(name, finding);
  }
  const cleaned = await cleanUp(patient);
  if (cleaned !== undefined) note("clean-up", cleaned);
  return findings;
}

interface BoundCheck {
  readonly name: string;
  readonly needs: readonly string[];
  readonly run: () => Promise<Finding>;
}

function checksFor(patient: Patient): BoundCheck[] {
  const bind = <P>(checks: readonly Check<P>[], to: P): BoundCheck[] =>
    checks.map((check) => ({
      name: check.name,
      needs: check.needs,
      run: () => check.run(to),
    }));
  const protocol = patient.target.kind === "http" ? httpCheck : http2Check;
  const network = isRemote(patient)
    ? bind([dnsCheck, tcpCheck, tlsCheck, protocol, authCheck, clockCheck], patient)
    : [];
  const after = isRemote(patient) ? bind([keepaliveCheck], patient) : [];
  return [...network, ...bind([callsCheck, limitsCheck, latencyCheck], patient), ...after];
}

async function attempt(run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return failed((error as Error).message, "this was not foreseen: run it again with --debug and report it");
  }
}

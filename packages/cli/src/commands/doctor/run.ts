import { randomBytes } from "node:crypto";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { listenForInterrupt } from "../../cli/interrupt.ts";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import { openClient } from "../../connect/open-client.ts";
import { resolveTarget } from "../../connect/resolve-target.ts";
import { describeTarget, type Target } from "../../connect/target.ts";
import { examine, type NamedFinding } from "../../doctor/examine.ts";
import type { Verdict } from "../../doctor/finding.ts";
import type { Endpoint, Patient } from "../../doctor/patient.ts";
import type { Output } from "../../output/output.ts";

export interface DoctorOptions extends ConnectionOptions {
  readonly searches: number;
  readonly maxMessageMib: number;
  readonly readOnly?: boolean;
}

/** `vectron doctor`. */
export async function run(context: Context, options: DoctorOptions): Promise<number> {
  const { out } = context;
  const target = resolveTarget(options, context.env);
  if (!out.json)
    out.print(`${out.style.bold(describeTarget(target))}  ${out.style.dim(`from ${target.source}`)}`);
  const interrupt = listenForInterrupt();
  const { client } = await openClient(target, { timeoutMs: options.timeoutMs });
  const stranger =
    target.kind === "directory" ? undefined : (await openClient({ ...target, apiKey: undefined })).client;
  const patient: Patient = {
    target,
    endpoint: await endpointOf(target),
    client,
    stranger,
    signal: interrupt.signal,
    searches: options.searches,
    maxMessageBytes: options.maxMessageMib * 1_048_576,
    scratch: options.readOnly ? undefined : `vectron-doctor-${randomBytes(4).toString("hex")}`,
    hasScratch: false,
    addresses: [],
    session: undefined,
    clockSkewMs: undefined,
    goaway: undefined,
  };
  try {
    const findings = await examine(patient, (finding) => {
      if (!out.json) out.print(describeFinding(finding, out));
    });
    const exitCode = conclude(out, target, findings);
    return interrupt.exitCode ?? exitCode;
  } finally {
    interrupt.stop();
    patient.session?.destroy();
    await Promise.all([client.close(), stranger?.close()]);
  }
}

async function endpointOf(target: Target): Promise<Endpoint | undefined> {
  if (target.kind === "directory") return undefined;
  if (target.kind === "http") {
    const { protocol, hostname, port } = new URL(target.baseUrl);
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    const tls = protocol === "https:";
    return { host, port: Number(port) || (tls ? 443 : 80), tls, serverName: host };
  }
  if (target.host.startsWith("unix:")) return undefined;
  const { createGrpcTransport } = await import("@vectron/node");
  const transport = createGrpcTransport({ host: target.host });
  const { endpoint } = transport.capabilities;
  await transport.close();
  const at = endpoint.lastIndexOf(":");
  const host = endpoint.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  const named = target.tls === false ? undefined : target.tls.serverName;
  return { host, port: Number(endpoint.slice(at + 1)), tls: target.tls !== false, serverName: named ?? host };
}

const MARKS: Readonly<Record<Verdict, string>> = { ok: "ok", warning: "warn", failed: "FAIL", skipped: "-" };

function describeFinding({ name, verdict, detail, advice }: NamedFinding, { style }: Output): string {
  const paint = { ok: style.good, warning: style.warn, failed: style.bad, skipped: style.dim }[verdict];
  const line = `  ${paint(MARKS[verdict].padEnd(4))}  ${name.padEnd(9)}  ${detail}`;
  return advice === undefined ? line : `${line}\n${" ".repeat(19)}${style.accent("->")} ${advice}`;
}

function conclude(out: Output, target: Target, findings: readonly NamedFinding[]): number {
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const [failures, warnings] = [count("failed"), count("warning")];
  if (out.json) {
    out.result({ target: describeTarget(target), ok: failures === 0, checks: findings }, String);
  } else if (failures > 0) out.print(out.style.bad(`${failures} of ${findings.length} checks failed`));
  else if (warnings > 0)
    out.print(out.style.warn(`it works; ${warnings} of ${findings.length} checks have a warning`));
  else out.print(out.style.good("all is well"));
  return failures > 0 ? EXIT.failure : EXIT.ok;
}

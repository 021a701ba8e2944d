import { type CaseResult, runSuite } from "@vectron/conformance";
import type { ClientOptions, VectronClient } from "@vectron/core";
import { capabilitiesOf } from "./capabilities.ts";
import type { Job, TransportName } from "./job.ts";
import { gapsOf } from "./known-gaps.ts";

/** Makes a client of one transport. In-process, the address says nothing. */
export type Connect = (options: ClientOptions, address: string) => VectronClient;

/** The transports that a program has. */
export type Connectors = { readonly [Name in TransportName]?: Connect };

/**
 * Runs the suite, one case after another.
 *
 * @param write - takes the result of each case when it ends
 */
export async function runJob(
  job: Job,
  connectors: Connectors,
  write: (result: CaseResult) => void,
): Promise<void> {
  const { transport, address, nowhere, only } = job;
  const connect = connectors[transport];
  if (connect === undefined) throw new TypeError(`this program has no transport ${transport}`);
  const target = {
    name: transport,
    capabilities: capabilitiesOf(job),
    apiKey: job.backEnd === "none" ? undefined : job.apiKey,
    connect: (options: ClientOptions) => connect(options, address),
    connectToNothing: (options: ClientOptions) => connect(options, nowhere),
  };
  await runSuite(target, { gaps: gapsOf(job), onResult: write, ...(only && { only }) });
}

import { allCases, type CaseResult } from "@vectron/conformance";
import type { BackEnd, Cell, RuntimeName, TransportName } from "../../src/job.ts";

const FETCH_TRANSPORTS = ["json", "grpc-web", "connect"] as const;
const SERVERS = ["engine", "bridge"] as const;

/** What reaches a server from each runtime. */
const REMOTE: Readonly<Record<RuntimeName, readonly TransportName[]>> = {
  node20: [...FETCH_TRANSPORTS, "grpc"],
  node22: [...FETCH_TRANSPORTS, "grpc"],
  node24: [...FETCH_TRANSPORTS, "grpc"],
  bun: [...FETCH_TRANSPORTS, "grpc"],
  deno: [...FETCH_TRANSPORTS, "grpc"],
  workerd: FETCH_TRANSPORTS,
  chromium: FETCH_TRANSPORTS,
};

/** Every combination. */
export const matrix: readonly Cell[] = (Object.keys(REMOTE) as RuntimeName[]).flatMap((runtime) => [
  ...REMOTE[runtime].flatMap((transport) => SERVERS.map((backEnd) => ({ runtime, transport, backEnd }))),
  { runtime, transport: "in-process", backEnd: "none" } as const,
]);

/** The combinations that every run of the tests covers: the runtimes that differ most, and each protocol. */
export const slice: readonly Cell[] = [
  ...remote("chromium", "engine", FETCH_TRANSPORTS),
  ...remote("workerd", "bridge", ["json"]),
  ...remote("node20", "bridge", ["connect"]),
];

function remote(runtime: RuntimeName, backEnd: BackEnd, transports: readonly TransportName[]): Cell[] {
  return transports.map((transport) => ({ runtime, transport, backEnd }));
}

/** Names a combination. */
export function nameOf({ runtime, transport, backEnd }: Cell): string {
  return backEnd === "none" ? `${runtime}, ${transport}` : `${runtime}, ${transport}, ${backEnd}`;
}

/** What is wrong with the results of a run of the whole suite: failures, and cases that have no result. */
export function problemsOf(results: readonly CaseResult[]): string[] {
  const seen = new Set(results.map(({ id }) => id));
  const failed = results.filter(({ status }) => status === "failed");
  return [
    ...failed.map(({ id, error }) => `${id}: ${error?.name}: ${error?.message}`),
    ...allCases.filter(({ id }) => !seen.has(id)).map(({ id }) => `${id}: no result`),
    ...(results.length === seen.size ? [] : ["a case has more than one result"]),
  ];
}

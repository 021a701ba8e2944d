import { LOADER_NAMES, type LoadTask } from "../bulk/load-contender.ts";
import { loadTable } from "../bulk/load-table.ts";
import type { CallTask } from "../calls/call-contender.ts";
import { CLIENTS, type ClientName } from "../clients/clients.ts";
import { cpuMicros, measured, outcomeOf, perSecond, ratio } from "../harness/compare.ts";
import type { Effort, Outcome } from "../harness/interleave.ts";
import { interleaveProcesses, processContender } from "../harness/process-contender.ts";
import { formatSpread } from "../report/format.ts";
import type { Table } from "../report/section-report.ts";
import type { RunSettings, Section } from "../section.ts";
import { startLocalServer } from "../servers/local-server.ts";

const CALL = new URL("../calls/call-contender.ts", import.meta.url);
const LOAD = new URL("../bulk/load-contender.ts", import.meta.url);

const EXISTING_CLIENT: ClientName = "ts-proto + grpc-js, as the existing client";

const DIMENSION = 128;
const POINTS = 10_000;
const LOADED = 16_384;
const IN_FLIGHT = 32;

const LOADS = `Loads of ${LOADED.toLocaleString("en-US")} points, which replace those of the load before`;

/** Whole calls and loads against a server that does the work. */
export const servedSection: Section = {
  id: "served",
  async run(settings) {
    const server = await startLocalServer({ dimension: DIMENSION, points: POINTS });
    const { address } = server;
    try {
      const searches = await measureSearches(settings, address);
      const loads = await measureLoads(settings, address);
      return {
        title: "With a real server",
        about: ABOUT,
        tables: [searchTable(searches), loadTable(LOADS, LOADED, loads)],
        bars: [],
        charts: [],
        remarks: [],
        packages: [
          "@grpc/grpc-js",
          "ts-proto",
          "nice-grpc",
          "@connectrpc/connect-node",
          "@bufbuild/protobuf",
        ],
      };
    } finally {
      await server.stop();
    }
  },
};

const ABOUT = `The same clients and loaders against the server of \`@vectron/local\`, in memory and in a process of its own, with ${POINTS.toLocaleString("en-US")} points
of ${DIMENSION} dimensions: what users of a small service see. The server's work is most of what passes, so clients differ less in calls a
second than in what they cost.`;

const FULL: Effort = { rounds: 9, roundMs: 600, warmUpMs: 3_000 };
const QUICK: Effort = { rounds: 3, roundMs: 50, warmUpMs: 100 };

function measureSearches({ quick, log }: RunSettings, address: string): Promise<Outcome[]> {
  log("search");
  const task = { call: "search", address, dimension: DIMENSION, points: 1, inFlight: IN_FLIGHT } as const;
  return interleaveProcesses(
    (Object.keys(CLIENTS) as ClientName[]).map((client) =>
      processContender<CallTask>(client, CALL, { client, ...task }),
    ),
    quick ? QUICK : FULL,
  );
}

function measureLoads({ quick, log }: RunSettings, address: string): Promise<Outcome[]> {
  log(`${LOADED} x ${DIMENSION}`);
  const task = { address, points: LOADED, dimension: DIMENSION };
  return interleaveProcesses(
    LOADER_NAMES.map((loader) => processContender<LoadTask>(loader, LOAD, { loader, ...task })),
    quick ? QUICK : FULL,
  );
}

function searchTable(outcomes: readonly Outcome[]): Table {
  const existing = outcomeOf(outcomes, EXISTING_CLIENT);
  return {
    title: `Search, top 10, ${IN_FLIGHT} in flight`,
    columns: ["client", "client CPU µs a call", "times the existing client", "calls a second"],
    rows: outcomes.map((outcome) => [
      outcome.name,
      formatSpread(measured(outcome, cpuMicros)),
      formatSpread(ratio(outcome, existing, cpuMicros), "x"),
      formatSpread(measured(outcome, perSecond)),
    ]),
  };
}

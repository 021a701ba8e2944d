import { CLIENTS, type ClientName } from "../clients/clients.ts";
import { cpuMicros, measured, outcomeOf, perSecond, ratio } from "../harness/compare.ts";
import type { Effort, Outcome } from "../harness/interleave.ts";
import { interleaveProcesses, processContender, profileProcess } from "../harness/process-contender.ts";
import { formatSpread } from "../report/format.ts";
import { profileTable } from "../report/profile-table.ts";
import type { Bar, Chart, Table } from "../report/section-report.ts";
import type { RunSettings, Section } from "../section.ts";
import { startDiscardingGrpcServer } from "../servers/discarding-grpc-server.ts";
import type { CallTask } from "./call-contender.ts";

const CONTENDER = new URL("./call-contender.ts", import.meta.url);
const NAMES = Object.keys(CLIENTS) as ClientName[];

const FLOOR: ClientName = "grpc-js, prepared bytes (the floor)";
const OWN: ClientName = "@vectron/node";
const EXISTING: ClientName = "ts-proto + grpc-js, as the existing client";

const DIMENSION = 768;
const POINTS = 256;

/** Whole calls over gRPC: what they cost the client. */
export const callsSection: Section = {
  id: "calls",
  async run(settings) {
    const server = await startDiscardingGrpcServer({ results: 10 });
    const shared = { address: server.address, dimension: DIMENSION, points: POINTS };
    try {
      const search = await measure(settings, { ...shared, call: "search", inFlight: 32 });
      const upsert = await measure(settings, { ...shared, call: "upsert", inFlight: 16 });
      return {
        title: "Whole calls over gRPC",
        about: ABOUT,
        tables: [
          tableOf("Search, 768 dimensions, top 10, 32 in flight", search),
          tableOf("Upsert, 256 x 768, 16 in flight", upsert),
          await profileOf(settings, { ...shared, call: "search", inFlight: 32 }),
          await profileOf(settings, { ...shared, call: "upsert", inFlight: 16 }),
        ],
        bars: [...searchBars(search), ...upsertBars(upsert)],
        charts: [
          chartOf("calls-search", "Search, 768 dimensions, top 10", search),
          chartOf("calls-upsert", "Upsert, 256 x 768", upsert),
        ],
        remarks: [...remarksOn("Search", search), ...remarksOn("Upsert", upsert)],
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

const ABOUT = `Against a server that discards what it gets and answers at once. The floor is grpc-js with requests that were encoded
beforehand and replies that are not decoded, with the same headers and deadline. The existing client is written as the one that
ships with the server: ts-proto, a message object for each point, its loop of retries. Every client has its own defaults otherwise.`;

const FULL: Effort = { rounds: 15, roundMs: 1_000, warmUpMs: 6_000 };
const QUICK: Effort = { rounds: 3, roundMs: 50, warmUpMs: 150 };

function measure({ quick, log }: RunSettings, task: Omit<CallTask, "client">): Promise<Outcome[]> {
  log(task.call);
  return interleaveProcesses(
    NAMES.map((client) => processContender<CallTask>(client, CONTENDER, { client, ...task })),
    quick ? QUICK : FULL,
  );
}

async function profileOf({ quick, log }: RunSettings, task: Omit<CallTask, "client">): Promise<Table> {
  log(`profile of ${task.call}`);
  const contender = processContender<CallTask>(OWN, CONTENDER, { client: OWN, ...task });
  const profile = await profileProcess(contender, {
    ...(quick ? QUICK : FULL),
    roundMs: quick ? 100 : 1_000,
  });
  return profileTable(`${task.call} with ${OWN}`, profile);
}

function tableOf(title: string, outcomes: readonly Outcome[]): Table {
  const floor = outcomeOf(outcomes, FLOOR);
  return {
    title,
    columns: ["client", "CPU µs a call", "times the floor", "calls a second"],
    rows: outcomes.map((outcome) =>
      outcome.failure === undefined
        ? [
            outcome.name,
            formatSpread(measured(outcome, cpuMicros)),
            formatSpread(ratio(outcome, floor, cpuMicros), "x"),
            formatSpread(measured(outcome, perSecond)),
          ]
        : [outcome.name, "failed", "", ""],
    ),
  };
}

function searchBars(outcomes: readonly Outcome[]): Bar[] {
  return [
    {
      what: "Search, client CPU per call, against the grpc-js floor",
      limit: { kind: "at most", value: 1.25, unit: "x" },
      measured: ratio(outcomeOf(outcomes, OWN), outcomeOf(outcomes, FLOOR), cpuMicros),
    },
  ];
}

function upsertBars(outcomes: readonly Outcome[]): Bar[] {
  const own = outcomeOf(outcomes, OWN);
  return [
    {
      what: "Upsert 256 x 768, client CPU per call, against the grpc-js floor",
      limit: { kind: "at most", value: 1.5, unit: "x" },
      measured: ratio(own, outcomeOf(outcomes, FLOOR), cpuMicros),
    },
    {
      what: "Upsert 256 x 768, client CPU per call: the existing client's stack against vectron",
      limit: { kind: "at least", value: 6, unit: "x" },
      measured: ratio(outcomeOf(outcomes, EXISTING), own, cpuMicros),
    },
  ];
}

function chartOf(name: string, title: string, outcomes: readonly Outcome[]): Chart {
  return {
    name,
    title: `${title}: client CPU time of a call`,
    unit: "µs",
    entries: outcomes
      .filter(({ failure }) => failure === undefined)
      .map((outcome) => ({
        label: outcome.name,
        value: measured(outcome, cpuMicros),
        own: outcome.name === OWN,
      })),
  };
}

function remarksOn(call: string, outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ name, failure }) =>
    failure === undefined ? [] : [`${call} with ${name} failed: \`${failure}\`.`],
  );
}

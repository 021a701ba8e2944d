import { measured, outcomeOf, perSecond, ratio } from "../harness/compare.ts";
import type { Effort, Outcome } from "../harness/interleave.ts";
import { interleaveProcesses, processContender, profileProcess } from "../harness/process-contender.ts";
import { profileTable } from "../report/profile-table.ts";
import type { Bar, Chart, Table } from "../report/section-report.ts";
import type { RunSettings, Section } from "../section.ts";
import { startDiscardingGrpcServer } from "../servers/discarding-grpc-server.ts";
import { BATCH_POINTS, CONCURRENCY, LOADER_NAMES, type LoaderName, type LoadTask } from "./load-contender.ts";
import { EXISTING_LOADER, loadTable } from "./load-table.ts";
import { loadAgainstRateLimit } from "./rate-limited-load.ts";

const CONTENDER = new URL("./load-contender.ts", import.meta.url);

const OWN: LoaderName = "@vectron/node bulkUpsert, async iterable of Float32Array";

/** Loads of many points: how many a second, and what a rate limit does to them. */
export const bulkSection: Section = {
  id: "bulk",
  async run(settings) {
    const server = await startDiscardingGrpcServer({ results: 0 });
    let short: Load;
    let long: Load;
    let profile: Table;
    try {
      short = await measure(settings, { address: server.address, points: 65_536, dimension: 128 });
      long = await measure(settings, { address: server.address, points: 16_384, dimension: 768 });
      profile = await profileOf(settings, { address: server.address, points: 65_536, dimension: 128 });
    } finally {
      await server.stop();
    }
    const limited = await loadAgainstRateLimit(settings);
    return {
      title: "Bulk loading",
      about: ABOUT,
      tables: [tableOf(short), tableOf(long), profile, limited.table],
      bars: [barOf(short), barOf(long), ...limited.bars],
      charts: [chartOf(short), chartOf(long)],
      remarks: [],
      packages: ["@grpc/grpc-js", "ts-proto"],
    };
  },
};

const ABOUT = `Against the discarding server of the calls, which counts the points of each request. Every loader sends ${BATCH_POINTS} points in a
request and has ${CONCURRENCY} requests under way. The points are made beforehand; \`bulkUpsert\` draws them from an async generator, one by
one, and \`upsertBatch\` of the existing client gets them as an array, the only form that it takes. The floor sends one request that was
encoded beforehand again and again: nothing that stands on grpc-js can be faster.`;

/** What was measured of one kind of load. */
interface Load {
  readonly points: number;
  readonly dimension: number;
  readonly outcomes: readonly Outcome[];
}

const FULL: Effort = { rounds: 9, roundMs: 1_000, warmUpMs: 4_000 };
const QUICK: Effort = { rounds: 3, roundMs: 50, warmUpMs: 50 };

async function measure({ quick, log }: RunSettings, task: Omit<LoadTask, "loader">): Promise<Load> {
  const points = quick ? task.points / 8 : task.points;
  log(`${points} x ${task.dimension}`);
  const outcomes = await interleaveProcesses(
    LOADER_NAMES.map((loader) => processContender<LoadTask>(loader, CONTENDER, { ...task, loader, points })),
    quick ? QUICK : FULL,
  );
  return { points, dimension: task.dimension, outcomes };
}

async function profileOf({ quick, log }: RunSettings, task: Omit<LoadTask, "loader">): Promise<Table> {
  log(`profile of ${task.dimension} dimensions`);
  const contender = processContender<LoadTask>(OWN, CONTENDER, { loader: OWN, ...task });
  const profile = await profileProcess(contender, {
    ...(quick ? QUICK : FULL),
    roundMs: quick ? 100 : 2_000,
  });
  return profileTable(`${task.dimension} dimensions, ${OWN}`, profile);
}

function tableOf({ points, dimension, outcomes }: Load): Table {
  const title = `Loads of ${points.toLocaleString("en-US")} points of ${dimension} dimensions`;
  return loadTable(title, points, outcomes);
}

function barOf({ dimension, outcomes }: Load): Bar {
  return {
    what: `bulk load from an async iterable, ${dimension} dimensions: points a second against the existing client's upsertBatch`,
    limit: { kind: "at least", value: 5, unit: "x" },
    measured: ratio(outcomeOf(outcomes, OWN), outcomeOf(outcomes, EXISTING_LOADER), perSecond),
  };
}

function chartOf({ points, dimension, outcomes }: Load): Chart {
  return {
    name: `bulk-${dimension}`,
    title: `Bulk load of ${dimension} dimensions: points a second`,
    unit: "points/s",
    entries: outcomes.map((outcome) => ({
      label: outcome.name,
      value: measured(outcome, (round) => perSecond(round) * points),
      own: outcome.name.startsWith("@vectron"),
    })),
  };
}

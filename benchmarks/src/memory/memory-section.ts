import { exactly } from "../harness/spread.ts";
import { formatNumber } from "../report/format.ts";
import { profileTable } from "../report/profile-table.ts";
import type { Table } from "../report/section-report.ts";
import type { RunSettings, Section } from "../section.ts";
import { startDiscardingGrpcServer } from "../servers/discarding-grpc-server.ts";
import { type LoadMemory, measureLoadMemory, sumOf } from "./load-memory.ts";

const MIB = 2 ** 20;

/** Points and dimensions of each load. */
const LOADS = [
  { points: 1_000_000, dimension: 128 },
  { points: 300_000, dimension: 768 },
  { points: 150_000, dimension: 1536 },
] as const;

interface Load {
  readonly name: string;
  readonly memory: LoadMemory;
}

/** How much memory a load takes, whatever its length. */
export const memorySection: Section = {
  id: "memory",
  async run(settings) {
    const loads = await measure(settings);
    return {
      title: "Memory of a bulk load",
      about: ABOUT,
      tables: [usageTable(loads), splitTable(loads), objectsTable(loads[0] as Load)],
      bars: loads.map(({ name, memory }) => ({
        what: `memory of a bulk load of ${name}, at its highest`,
        limit: { kind: "at most", value: 64, unit: "MiB" },
        measured: exactly(sumOf(memory.peak) / MIB),
      })),
      charts: [],
      remarks: [],
      packages: ["@grpc/grpc-js"],
    };
  },
};

const ABOUT = `\`bulkUpsert\` with every option on its default, from an async generator whose vectors come from a pool of 1,000, so that what
is counted is the client's: \`heapUsed + external\` of its process after each batch, above what it was after a collection of garbage
before the load. Garbage that has not been collected yet counts. What is in use, and where objects come from, is told by further loads,
a quarter as long: one collects garbage on the way, of another the heap is sampled.`;

async function measure({ quick, log }: RunSettings): Promise<Load[]> {
  const server = await startDiscardingGrpcServer({ results: 0 });
  const loads: Load[] = [];
  try {
    for (const { points, dimension } of LOADS) {
      const count = quick ? points / 10 : points;
      const name = `${count.toLocaleString("en-US")} points of ${dimension} dimensions`;
      log(name);
      const memory = await measureLoadMemory({ address: server.address, points: count, dimension });
      loads.push({ name, memory });
    }
  } finally {
    await server.stop();
  }
  return loads;
}

function usageTable(loads: readonly Load[]): Table {
  return {
    title: "MiB above idle",
    columns: ["load", "median", "highest", "samples", "seconds"],
    rows: loads.map(({ name, memory }) => [
      name,
      formatNumber(memory.median / MIB),
      formatNumber(sumOf(memory.peak) / MIB),
      String(memory.samples),
      formatNumber(memory.elapsedMs / 1_000),
    ]),
  };
}

function splitTable(loads: readonly Load[]): Table {
  const mib = (...bytes: number[]) => bytes.map((one) => formatNumber(one / MIB));
  return {
    title: "What it is at the highest, and what is in use at most, MiB above idle",
    columns: ["load", "young objects", "old objects", "buffers", "objects in use", "buffers in use"],
    rows: loads.map(({ name, memory: { peak, live } }) => [
      name,
      ...mib(peak.young, peak.old, peak.buffers, live.young + live.old, live.buffers),
    ]),
  };
}

function objectsTable({ name, memory: { made, profiledPoints } }: Load): Table {
  const bytes = formatNumber(made.bytes / profiledPoints);
  return profileTable(`${name}: ${bytes} bytes a point`, made.profile, "Where objects come from");
}

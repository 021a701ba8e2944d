import { exactly } from "../harness/spread.ts";
import { formatNumber } from "../report/format.ts";
import type { Section } from "../section.ts";
import { startDiscardingGrpcServer } from "../servers/discarding-grpc-server.ts";
import { type LoadMemory, measureLoadMemory } from "./load-memory.ts";

const MIB = 2 ** 20;

/** Points and dimensions of each load. */
const LOADS = [
  { points: 1_000_000, dimension: 128 },
  { points: 300_000, dimension: 768 },
  { points: 150_000, dimension: 1536 },
] as const;

/** How much memory a load takes, whatever its length. */
export const memorySection: Section = {
  id: "memory",
  async run({ quick, log }) {
    const server = await startDiscardingGrpcServer({ results: 0 });
    const measured: { name: string; memory: LoadMemory }[] = [];
    try {
      for (const { points, dimension } of LOADS) {
        const count = quick ? points / 10 : points;
        const name = `${count.toLocaleString("en-US")} points of ${dimension} dimensions`;
        log(name);
        const memory = await measureLoadMemory({ address: server.address, points: count, dimension });
        measured.push({ name, memory });
      }
    } finally {
      await server.stop();
    }
    return {
      title: "Memory of a bulk load",
      about: ABOUT,
      tables: [
        {
          title: "MiB above idle",
          columns: ["load", "median", "highest", "samples", "seconds"],
          rows: measured.map(({ name, memory }) => [
            name,
            formatNumber(memory.median / MIB),
            formatNumber(memory.peak / MIB),
            String(memory.samples),
            formatNumber(memory.elapsedMs / 1_000),
          ]),
        },
      ],
      bars: measured.map(({ name, memory }) => ({
        what: `memory of a bulk load of ${name}, at its highest`,
        limit: { kind: "at most", value: 64, unit: "MiB" },
        measured: exactly(memory.peak / MIB),
      })),
      charts: [],
      remarks: [],
      packages: ["@grpc/grpc-js"],
    };
  },
};

const ABOUT = `\`bulkUpsert\` with every option on its default, from an async generator whose vectors come from a pool of 1,000, so that what
is counted is the client's: \`heapUsed + external\` of its process after each batch, above what it was after a collection of garbage
before the load. Garbage that has not been collected yet counts.`;

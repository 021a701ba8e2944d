import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cpuMicros, measured, outcomeOf, ratio, wallMicros } from "../harness/compare.ts";
import type { Contender } from "../harness/contender.ts";
import { interleave, type Outcome } from "../harness/interleave.ts";
import { formatSpread } from "../report/format.ts";
import type { SectionReport } from "../report/section-report.ts";
import type { Section } from "../section.ts";
import { startDiscardingGrpcServer } from "../servers/discarding-grpc-server.ts";

const OWN = "@vectron/node: import, construct, listCollections";
const FLOOR = "grpc-js: import, construct, the same call with raw bytes";
const NOTHING = "node, an empty program";

const run = promisify(execFile);

/** What a program that makes one call takes to start. */
export const startupSection: Section = {
  id: "startup",
  async run({ quick, log }) {
    log("cold start");
    const server = await startDiscardingGrpcServer({ results: 0 });
    try {
      const outcomes = await interleave(
        [
          program(FLOOR, "grpc-js", server.address),
          program(OWN, "vectron", server.address),
          program(NOTHING, "nothing", server.address),
        ],
        // One start is one round; the first of each warms the file system's cache.
        { rounds: quick ? 3 : 31, roundMs: 1, warmUpMs: 1 },
      );
      return sectionOf(outcomes);
    } finally {
      await server.stop();
    }
  },
};

const MICROS_PER_MS = 1_000;

function sectionOf(outcomes: readonly Outcome[]): SectionReport {
  const floor = outcomeOf(outcomes, FLOOR);
  const millis = (outcome: Outcome) => measured(outcome, (round) => wallMicros(round) / MICROS_PER_MS);
  return {
    title: "Cold start",
    about: ABOUT,
    tables: [
      {
        title: "From the start of the process to the first reply",
        columns: ["program", "ms", "CPU ms", `times grpc-js`],
        rows: outcomes.map((outcome) => [
          outcome.name,
          formatSpread(millis(outcome)),
          formatSpread(measured(outcome, (round) => cpuMicros(round) / MICROS_PER_MS)),
          formatSpread(ratio(outcome, floor, wallMicros), "x"),
        ]),
      },
    ],
    bars: [
      {
        what: "cold start: import @vectron/node, construct, first call, against grpc-js and one raw call",
        limit: { kind: "at most", value: 1.2, unit: "x" },
        measured: ratio(outcomeOf(outcomes, OWN), floor, wallMicros),
      },
    ],
    charts: [
      {
        name: "startup",
        title: "From the start of the process to the first reply",
        unit: "ms",
        entries: outcomes.map((outcome) => ({
          label: outcome.name.split(":")[0] as string,
          value: millis(outcome),
          own: outcome.name === OWN,
        })),
      },
    ],
    remarks: [],
    packages: ["@grpc/grpc-js"],
  };
}

const ABOUT = `A program without a TypeScript loader, started anew each time, against the discarding server. It says itself when its first
reply came, counted from the start of its process.`;

/** A contender whose one operation is a whole run of a program. */
function program(name: string, file: string, address: string): Contender {
  const path = fileURLToPath(new URL(`./programs/${file}.mjs`, import.meta.url));
  return {
    name,
    async run() {
      const { stdout } = await run(process.execPath, [path, address]);
      const { wallMs, cpuMs } = JSON.parse(stdout) as { wallMs: number; cpuMs: number };
      return { operations: 1, cpuMicros: cpuMs * 1_000, wallMicros: wallMs * 1_000 };
    },
    close: async () => {},
  };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../harness/child.ts";
import { exactly, type Spread, spreadOf } from "../harness/spread.ts";
import { formatNumber } from "../report/format.ts";
import type { Bar, Chart, Table } from "../report/section-report.ts";
import type { RunSettings, Section } from "../section.ts";
import { clusteredVectors } from "./clustered-vectors.ts";
import type { EngineFigures, EngineName, EngineTask } from "./engine-contender.ts";
import { exactNeighbours } from "./exact-neighbours.ts";

const CONTENDER = new URL("./engine-contender.ts", import.meta.url);
const NAMES: readonly EngineName[] = ["@vectron/local", "usearch, directly", "LanceDB (HNSW_SQ)"];
const QUERIES = 100;
const TOP_K = 10;

interface Size {
  readonly count: number;
  readonly dimension: number;
}

interface Measured extends Size {
  readonly figures: ReadonlyMap<EngineName, EngineFigures>;
}

const SMALL: Size = { count: 10_000, dimension: 384 };
const MIDDLE: Size = { count: 100_000, dimension: 384 };
const LARGE: Size = { count: 1_000_000, dimension: 128 };

/** The embedded engine by its public calls, in a directory, beside two others on the same vectors. */
export const engineSection: Section = {
  id: "engine",
  async run(settings) {
    const sizes = settings.quick ? [SMALL] : [SMALL, MIDDLE, LARGE];
    const all: Measured[] = [];
    for (const size of sizes) all.push(await measureSize(settings, size));
    return {
      title: "Embedded engine",
      about: ABOUT,
      tables: all.map(tableOf),
      bars: all.flatMap(barsOf),
      charts: all.map(chartOf),
      remarks: [],
      packages: ["usearch", "@lancedb/lancedb"],
    };
  },
};

const ABOUT = `Clustered vectors from a seeded generator with 24 latent dimensions; squared distances; the ${TOP_K} nearest of
${QUERIES} queries that are not among the points, one after another. Each engine runs in a process of its own, one at a time. Vectron
is called as users call it, with default options: every upsert of 2,000 points is on the disk before the next, searches up to 67
million components are scans, beyond that there is a graph. usearch is that graph alone, with the same parameters and every
core, without ids, payloads or durability. LanceDB has its HNSW index over 8-bit codes in one partition.

"ready" is what passes after loading until the index is built and kept; "open" the time until the first answer of a directory that
is opened again. "turn" is the longest time for which a phase kept the event loop. Memory is what the process grew by.`;

async function measureSize({ log }: RunSettings, { count, dimension }: Size): Promise<Measured> {
  log(`exact neighbours, ${count} x ${dimension}`);
  const truth = exactTruth(count, dimension);
  const figures = new Map<EngineName, EngineFigures>();
  for (const engine of NAMES) {
    log(`${engine}, ${count} x ${dimension}`);
    const directory = mkdtempSync(join(tmpdir(), "vectron-bench-"));
    try {
      const task: EngineTask = { engine, directory, count, dimension, queries: QUERIES, truth };
      const { child, ready } = await Child.start<EngineFigures>(CONTENDER, task);
      await child.stop();
      figures.set(engine, ready);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return { count, dimension, figures };
}

function exactTruth(count: number, dimension: number): number[][] {
  const vectors = clusteredVectors(count + QUERIES, dimension);
  const loaded = vectors.subarray(0, count * dimension);
  return Array.from({ length: QUERIES }, (_, n) => {
    const query = vectors.subarray((count + n) * dimension, (count + n + 1) * dimension);
    return exactNeighbours(loaded, query, TOP_K);
  });
}

function tableOf({ count, dimension, figures }: Measured): Table {
  return {
    title: `${formatCount(count)} x ${dimension}`,
    columns: [
      "engine",
      "load, points/s",
      "ready, s",
      "open, s",
      "p50, ms",
      "p99, ms",
      `recall@${TOP_K}`,
      "memory, MiB",
      "disk, MiB",
      "turn: load / open, ms",
    ],
    rows: [...figures].map(([name, { load, build, open, searchMs, recall, memoryMiB, diskMiB }]) => [
      name,
      formatCount(count / load.seconds),
      formatNumber(build.seconds),
      formatNumber(open.seconds),
      formatNumber(percentile(searchMs, 0.5)),
      formatNumber(percentile(searchMs, 0.99)),
      recall.toFixed(3),
      formatCount(memoryMiB),
      formatCount(diskMiB),
      `${formatCount(load.longestTurnMs)} / ${formatCount(open.longestTurnMs)}`,
    ]),
  };
}

function barsOf({ count, dimension, figures }: Measured): Bar[] {
  const own = figures.get("@vectron/local");
  if (own === undefined || count === SMALL.count) return [];
  const what = `${formatCount(count)} x ${dimension}, embedded`;
  const [mostMs, leastRecall] = count === MIDDLE.count ? [6, 0.995] : [2, 0.95];
  return [
    {
      what: `${what}: search`,
      limit: { kind: "at most", value: mostMs, unit: "ms" },
      measured: searchSpread(own),
    },
    {
      what: `${what}: recall@${TOP_K}`,
      limit: { kind: "at least", value: leastRecall, unit: "x" },
      measured: exactly(own.recall),
    },
  ];
}

function chartOf({ count, dimension, figures }: Measured): Chart {
  return {
    name: `engine-search-${count}`,
    title: `Search ${formatCount(count)} x ${dimension}, top ${TOP_K}`,
    unit: "ms",
    entries: [...figures].map(([name, each]) => ({
      label: `${name}, recall ${each.recall.toFixed(3)}`,
      value: searchSpread(each),
      own: name === "@vectron/local",
    })),
  };
}

function searchSpread({ searchMs }: EngineFigures): Spread {
  return spreadOf(searchMs);
}

function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

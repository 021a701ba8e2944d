import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { answerParent } from "../harness/child.ts";
import { clusteredVectors } from "./clustered-vectors.ts";
import type { OpenEngine } from "./engine.ts";
import { openLanceEngine } from "./lancedb-engine.ts";
import { openUsearchEngine } from "./usearch-engine.ts";
import { openVectronEngine } from "./vectron-engine.ts";

/** Every engine, by the name that tables show. */
export const ENGINES = {
  "@vectron/local": openVectronEngine,
  "usearch, directly": openUsearchEngine,
  "LanceDB (HNSW_SQ)": openLanceEngine,
} as const satisfies Record<string, OpenEngine>;

export type EngineName = keyof typeof ENGINES;

export interface EngineTask {
  readonly engine: EngineName;
  readonly directory: string;
  readonly count: number;
  readonly dimension: number;
  /** Vectors of the same kind that are not loaded: how many, from how many come after the loaded ones. */
  readonly queries: number;
  /** The nearest vectors of each query. */
  readonly truth: readonly (readonly number[])[];
}

/** How long a phase took, and the longest time for which it kept the event loop. */
export interface Phase {
  readonly seconds: number;
  readonly longestTurnMs: number;
}

export interface EngineFigures {
  readonly load: Phase;
  readonly build: Phase;
  /** Until the first answer of a directory that is opened again. */
  readonly open: Phase;
  readonly searchMs: readonly number[];
  readonly recall: number;
  readonly memoryMiB: number;
  readonly diskMiB: number;
}

const BATCH = 2_000;
const TOP_K = 10;
const SEARCH_ROUNDS = 5;
const MIB = 1024 * 1024;

answerParent(async (task: EngineTask): Promise<EngineFigures> => {
  const { directory, count, dimension, queries } = task;
  const vectors = clusteredVectors(count + queries, dimension);
  const open = ENGINES[task.engine];
  const query = (n: number) => vectors.slice((count + n) * dimension, (count + n + 1) * dimension);
  const before = process.memoryUsage().rss;
  let engine = await open(directory, dimension);
  const load = await timed(async () => {
    for (let first = 0; first < count; first += BATCH) {
      const last = Math.min(first + BATCH, count);
      await engine.load(vectors.slice(first * dimension, last * dimension), first);
    }
  });
  const build = await timed(() => engine.build());
  const memoryMiB = (process.memoryUsage().rss - before) / MIB;
  await engine.close();
  const opened = await timed(async () => {
    engine = await open(directory, dimension);
    await engine.search(query(0), TOP_K);
  });
  await engine.build();
  const found = [];
  const searchMs = [];
  for (let n = 0; n < SEARCH_ROUNDS * queries; n++) {
    const vector = query(n % queries);
    const start = performance.now();
    const hits = await engine.search(vector, TOP_K);
    searchMs.push(performance.now() - start);
    if (n < queries) found.push(hits);
  }
  await engine.close();
  return {
    load,
    build,
    open: opened,
    searchMs,
    recall: recallOf(found, task.truth),
    memoryMiB,
    diskMiB: bytesIn(directory) / MIB,
  };
});

async function timed(work: () => Promise<void>): Promise<Phase> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1_000;
  // A turn that has just ended is counted in the next one.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { seconds, longestTurnMs: delay.max / 1e6 };
}

function recallOf(found: readonly (readonly number[])[], truth: readonly (readonly number[])[]): number {
  let hits = 0;
  let all = 0;
  for (const [n, nearest] of truth.entries()) {
    hits += nearest.filter((number) => found[n]?.includes(number)).length;
    all += nearest.length;
  }
  return hits / all;
}

function bytesIn(directory: string): number {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

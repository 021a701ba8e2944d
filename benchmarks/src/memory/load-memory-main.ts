import { getHeapSpaceStatistics } from "node:v8";
import { VectronClient } from "@vectron/node";
import { API_KEY, COLLECTION } from "../clients/bench-client.ts";
import { makePoints } from "../data/points.ts";
import { answerParent } from "../harness/child.ts";
import { profileHeap } from "../harness/heap-profile.ts";
import { type LoadMemory, type LoadMemoryTask, type Memory, sumOf } from "./load-memory.ts";

// Runs in the process that loads: the only message is the task, the answer its memory.

/** So many vectors are drawn from again and again: what the source itself would throw away is not the client's. */
const POOL = 1_000;
/** The loads that are profiled are so much shorter. */
const PROFILED_PART = 4;
/** A collection of everything after so many batches. */
const COLLECT_EVERY = 20;
const YOUNG_SPACES: ReadonlySet<string> = new Set(["new_space", "new_large_object_space"]);

answerParent(async ({ address, points, dimension }: LoadMemoryTask): Promise<LoadMemory> => {
  const client = new VectronClient({ host: address, apiKey: API_KEY });
  const pool = makePoints(POOL, dimension);
  async function* source(count: number) {
    for (let index = 0; index < count; index++) {
      const { vector, payload } = pool[index % POOL] as (typeof pool)[number];
      yield { id: `point-${index}`, vector, payload };
    }
  }
  const load = async (count: number, onProgress = () => {}) => {
    await client.bulkUpsert(COLLECTION, source(count), { onProgress });
  };
  // Idle is a client with a connection, which has loaded nothing yet.
  await client.listCollections();
  collect();
  const idle = usedMemory();
  const above = ({ young, old, buffers }: Memory): Memory => ({
    young: young - idle.young,
    old: old - idle.old,
    buffers: buffers - idle.buffers,
  });

  const samples: Memory[] = [];
  const startMs = performance.now();
  await load(points, () => samples.push(above(usedMemory())));
  const elapsedMs = performance.now() - startMs;
  samples.sort((a, b) => sumOf(a) - sumOf(b));

  const profiledPoints = points / PROFILED_PART;
  const live: Memory[] = [];
  let batches = 0;
  await load(profiledPoints, () => {
    if (++batches % COLLECT_EVERY !== 0) return;
    collect();
    live.push(above(usedMemory()));
  });
  const made = await profileHeap(() => load(profiledPoints));
  await client.close();
  return {
    median: sumOf(samples[samples.length >> 1] as Memory),
    peak: samples.at(-1) as Memory,
    samples: samples.length,
    elapsedMs,
    live: live.reduce((most, one) => (sumOf(one) > sumOf(most) ? one : most)),
    made,
    profiledPoints,
  };
});

function usedMemory(): Memory {
  const { heapUsed, external } = process.memoryUsage();
  const young = getHeapSpaceStatistics()
    .filter(({ space_name }) => YOUNG_SPACES.has(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
  return { young, old: heapUsed - young, buffers: external };
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc");
  globalThis.gc();
}

import { VectronClient } from "@vectron/node";
import { API_KEY, COLLECTION } from "../clients/bench-client.ts";
import { makePoints } from "../data/points.ts";
import { answerParent } from "../harness/child.ts";
import type { LoadMemory, LoadMemoryTask } from "./load-memory.ts";

// Runs in the process that loads: the only message is the task, the answer its memory.

/** So many vectors are drawn from again and again: what the source itself would throw away is not the client's. */
const POOL = 1_000;

answerParent(async ({ address, points, dimension }: LoadMemoryTask): Promise<LoadMemory> => {
  const client = new VectronClient({ host: address, apiKey: API_KEY });
  const pool = makePoints(POOL, dimension);
  async function* source(count: number) {
    for (let index = 0; index < count; index++) {
      const { vector, payload } = pool[index % POOL] as (typeof pool)[number];
      yield { id: `point-${index}`, vector, payload };
    }
  }
  // Idle is a client with a connection, which has loaded nothing yet.
  await client.listCollections();
  const idle = idleMemory();
  const samples: number[] = [];
  const sample = () => samples.push(usedMemory() - idle);
  const startMs = performance.now();
  await client.bulkUpsert(COLLECTION, source(points), { onProgress: sample });
  const elapsedMs = performance.now() - startMs;
  await client.close();
  samples.sort((a, b) => a - b);
  return {
    idle,
    median: samples[samples.length >> 1] as number,
    peak: samples.at(-1) as number,
    samples: samples.length,
    elapsedMs,
  };
});

function usedMemory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function idleMemory(): number {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc");
  globalThis.gc();
  return usedMemory();
}

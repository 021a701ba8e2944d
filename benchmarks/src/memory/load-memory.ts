import { Child } from "../harness/child.ts";
import type { HeapProfile } from "../harness/heap-profile.ts";

/** What the process that loads is told. */
export interface LoadMemoryTask {
  readonly address: string;
  readonly points: number;
  readonly dimension: number;
}

/** Memory of a process in bytes, above what it was before the load. */
export interface Memory {
  /** JavaScript objects that were made lately. */
  readonly young: number;
  /** All others; together with `young` this is `heapUsed`. */
  readonly old: number;
  /** `external`: buffers. */
  readonly buffers: number;
}

/** What loads take. */
export interface LoadMemory {
  /** Of the samples of all of it half are below, ... */
  readonly median: number;
  /** ... and this one is the highest. */
  readonly peak: Memory;
  readonly samples: number;
  readonly elapsedMs: number;
  /** What was in use at most, as collections of garbage during a second load show. */
  readonly live: Memory;
  /** The objects that a third load makes. */
  readonly made: HeapProfile;
  /** How many points the second and the third load have each. */
  readonly profiledPoints: number;
}

/** Makes loads in a process of their own and watches its memory. */
export async function measureLoadMemory(task: LoadMemoryTask): Promise<LoadMemory> {
  const { child, ready } = await Child.start<LoadMemory>(
    new URL("./load-memory-main.ts", import.meta.url),
    task,
  );
  await child.stop();
  return ready;
}

/** All of it: `heapUsed + external`. */
export function sumOf({ young, old, buffers }: Memory): number {
  return young + old + buffers;
}

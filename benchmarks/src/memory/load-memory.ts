import { Child } from "../harness/child.ts";

/** What the process that loads is told. */
export interface LoadMemoryTask {
  readonly address: string;
  readonly points: number;
  readonly dimension: number;
}

/** Memory of a process in bytes: `heapUsed + external`. */
export interface LoadMemory {
  /** Before the load, after a collection of garbage. */
  readonly idle: number;
  /** While it lasts, above `idle`: half of the samples are below, ... */
  readonly median: number;
  /** ... and this is the highest. */
  readonly peak: number;
  readonly samples: number;
  readonly elapsedMs: number;
}

/** Makes one load in a process of its own and watches its memory. */
export async function measureLoadMemory(task: LoadMemoryTask): Promise<LoadMemory> {
  const { child, ready } = await Child.start<LoadMemory>(
    new URL("./load-memory-main.ts", import.meta.url),
    task,
  );
  await child.stop();
  return ready;
}

/** What one round of an operation cost. */
export interface RoundCost {
  readonly operations: number;
  /** User and system time of the process that made them, all threads. */
  readonly cpuMicros: number;
  readonly wallMicros: number;
}

/** Measures what `work` costs this process. */
export async function costOf(operations: number, work: () => unknown): Promise<RoundCost> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await work();
  const wallMicros = (performance.now() - startMs) * 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { operations, cpuMicros: user + system, wallMicros };
}

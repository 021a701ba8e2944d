import { type HeapProfiler, Session } from "node:inspector/promises";
import { type Profile, ProfileSums } from "./profile-shares.ts";

/** What was allocated during a piece of work, and where. */
export interface HeapProfile {
  readonly bytes: number;
  readonly profile: Profile;
}

const SAMPLING_BYTES = 4_096;

/** Samples the JavaScript objects that are made while `work` runs, those that do not last as well. Buffers are not among them. */
export async function profileHeap(work: () => Promise<void>): Promise<HeapProfile> {
  const session = new Session();
  session.connect();
  try {
    await session.post("HeapProfiler.enable");
    await session.post("HeapProfiler.startSampling", {
      samplingInterval: SAMPLING_BYTES,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    await work();
    const { profile } = await session.post("HeapProfiler.stopSampling");
    const sums = new ProfileSums();
    sum(profile.head, sums);
    return { bytes: sums.total, profile: sums.profile() };
  } finally {
    session.disconnect();
  }
}

function sum(
  { callFrame, selfSize, children }: HeapProfiler.SamplingHeapProfileNode,
  sums: ProfileSums,
): void {
  if (selfSize > 0) sums.add(callFrame, selfSize);
  for (const child of children) sum(child, sums);
}

import { type Profiler, Session } from "node:inspector/promises";
import { type Frame, type Profile, ProfileSums } from "./profile-shares.ts";

const SAMPLING_MICROS = 200;

/** Samples this process's main thread while `work` runs. */
export async function profileWork(work: () => Promise<void>): Promise<Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROS });
    await session.post("Profiler.start");
    await work();
    return summarize((await session.post("Profiler.stop")).profile);
  } finally {
    session.disconnect();
  }
}

function summarize({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const sums = new ProfileSums();
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame !== undefined && !isNoWork(frame)) sums.add(frame, timeDeltas[index] ?? 0);
  }
  return sums.profile();
}

/** Time in which nothing was done, and that of the profiler, which starts and stops in `dispatch`. */
function isNoWork({ functionName, url }: Frame): boolean {
  return url === "" && (functionName === "(idle)" || functionName === "dispatch");
}

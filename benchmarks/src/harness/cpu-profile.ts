import { type Profiler, type Runtime, Session } from "node:inspector/promises";

/** A part of the time that a process was at work. */
export interface ProfileShare {
  readonly where: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** Where the time of a piece of work went, the largest shares first. */
export interface CpuProfile {
  readonly parts: readonly ProfileShare[];
  readonly functions: readonly ProfileShare[];
}

type Frame = Runtime.CallFrame;

const SAMPLING_MICROS = 200;

/** Samples this process's main thread while `work` runs. */
export async function profileWork(work: () => Promise<void>): Promise<CpuProfile> {
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

function summarize({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): CpuProfile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || isNoWork(frame)) continue;
    const micros = timeDeltas[index] ?? 0;
    total += micros;
    add(parts, partOf(frame), micros);
    add(functions, describe(frame), micros);
  }
  return { parts: sharesOf(parts, total), functions: sharesOf(functions, total) };
}

/** Time in which nothing was done, and that of the profiler, which starts and stops in `dispatch`. */
function isNoWork({ functionName, url }: Frame): boolean {
  return url === "" && (functionName === "(idle)" || functionName === "dispatch");
}

function add(sums: Map<string, number>, key: string, micros: number): void {
  sums.set(key, (sums.get(key) ?? 0) + micros);
}

function sharesOf(sums: ReadonlyMap<string, number>, total: number): ProfileShare[] {
  return [...sums]
    .map(([where, micros]) => ({ where, share: micros / total }))
    .sort((a, b) => b.share - a.share);
}

/** A piece of a script's address, and what the scripts there are called. */
const PARTS: readonly (readonly [string, string])[] = [
  ["/packages/core/dist/", "@vectron/core"],
  ["/packages/node/dist/", "@vectron/node"],
  ["/@grpc/grpc-js/", "grpc-js"],
  ["/@bufbuild/protobuf/", "@bufbuild/protobuf"],
  ["/benchmarks/src/gen/", "ts-proto's code"],
  ["/benchmarks/src/", "the benchmark"],
  ["node:", "Node's own JavaScript: HTTP/2, streams, promises"],
];

function partOf({ functionName, url }: Frame): string {
  if (functionName === "(garbage collector)") return "garbage collection";
  if (url === "") return "native code";
  return PARTS.find(([piece]) => url.includes(piece))?.[1] ?? "other packages";
}

function describe({ functionName, url }: Frame): string {
  const file = url.split("/").slice(-2).join("/");
  const name = functionName === "" ? "(anonymous)" : functionName;
  return file === "" ? name : `${name}, ${file}`;
}

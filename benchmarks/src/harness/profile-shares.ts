import type { Runtime } from "node:inspector/promises";

/** A part of what was measured. */
export interface ProfileShare {
  readonly where: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** Where something went, the largest shares first. */
export interface Profile {
  /** By package. */
  readonly parts: readonly ProfileShare[];
  /** By function, what it took itself. */
  readonly functions: readonly ProfileShare[];
}

export type Frame = Runtime.CallFrame;

/** Sums what functions took. */
export class ProfileSums {
  readonly #parts = new Map<string, number>();
  readonly #functions = new Map<string, number>();
  #total = 0;

  add(frame: Frame, amount: number): void {
    this.#total += amount;
    add(this.#parts, partOf(frame), amount);
    add(this.#functions, describe(frame), amount);
  }

  get total(): number {
    return this.#total;
  }

  profile(): Profile {
    return { parts: sharesOf(this.#parts, this.#total), functions: sharesOf(this.#functions, this.#total) };
  }
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function sharesOf(sums: ReadonlyMap<string, number>, total: number): ProfileShare[] {
  return [...sums]
    .map(([where, amount]) => ({ where, share: amount / total }))
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

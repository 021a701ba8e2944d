import type { BenchPoint } from "../data/points.ts";

/** A client that makes the same calls as the others do. What it sends is made beforehand, in the form that it likes best. */
export interface BenchClient {
  search(): Promise<unknown>;
  upsert(): Promise<unknown>;
}

/** What the calls of a client are about. */
export interface ClientWork {
  /** `host:port`. */
  readonly address: string;
  readonly points: readonly BenchPoint[];
  readonly query: Float32Array;
}

export type OpenClient = (work: ClientWork) => BenchClient;

// Every client makes its calls with these.
export const COLLECTION = "documents";
export const TOP_K = 10;
export const API_KEY = "benchmark-token";
export const TIMEOUT_MS = 10_000;

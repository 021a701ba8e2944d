import type { BenchPoint } from "../data/points.ts";

/** A codec under measurement. What is prepared is in the form that it likes best. */
export interface BenchCodec {
  /** Gives what encodes an Upsert of these points, again each time. */
  prepareUpsert(points: readonly BenchPoint[]): () => Uint8Array | Promise<Uint8Array>;
  /** Gives what decodes the reply to a Search, again each time. */
  prepareSearchReply(reply: Uint8Array): () => readonly DecodedResult[];
}

export interface DecodedResult {
  readonly id: string;
  readonly vector: ArrayLike<number>;
}

export const COLLECTION = "documents";

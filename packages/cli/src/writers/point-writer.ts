import type { Point } from "@vectron/core";

/** Writes points to a file. The file has its name when it is whole, and not before. */
export interface PointWriter {
  write(points: readonly Point[]): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing of the file. */
  abandon(): Promise<void>;
}

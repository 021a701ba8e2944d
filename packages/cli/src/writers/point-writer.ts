import type { Point } from "@vectron/core";
import { UsageError } from "../cli/usage-error.ts";

export type WriterFormat = "jsonl" | "parquet";

/** Writes points to a file. The file has its name when it is whole, and not before. */
export interface PointWriter {
  write(points: readonly Point[]): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing of the file. */
  abandon(): Promise<void>;
}

/**
 * @param output - undefined: standard output
 * @param format - default: by the name of the output
 */
export async function openWriter(
  output: string | undefined,
  format: WriterFormat | undefined,
  dimension: number,
): Promise<PointWriter> {
  const chosen = format ?? (output !== undefined && /\.parquet$/i.test(output) ? "parquet" : "jsonl");
  if (chosen === "jsonl") return new (await import("./jsonl-writer.ts")).JsonlWriter(output);
  if (output === undefined) throw new UsageError("Parquet needs a file to write to: pass --output");
  return new (await import("./parquet-writer.ts")).ParquetPointWriter(output, dimension);
}

import { UsageError } from "../cli/usage-error.ts";
import type { PointWriter } from "./point-writer.ts";

export type WriterFormat = "jsonl" | "parquet";

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

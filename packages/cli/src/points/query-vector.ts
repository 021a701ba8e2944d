import { readFileSync } from "node:fs";
import { UsageError } from "../cli/usage-error.ts";
import { parseVector } from "./parse-vector.ts";

/** @throws UsageError naming the option */
export function vectorOption(option: string, text: string): number[] {
  const vector = parseVector(text);
  if (vector !== undefined && vector.length > 0) return vector;
  throw new UsageError(`${option} must be numbers with commas, such as 0.1,0.2,0.3`);
}

/** Reads one vector from a file: of text or JSON, or the first of an `.npy` or `.fvecs` file. */
export async function vectorFile(path: string): Promise<ArrayLike<number>> {
  if (/\.(npy|fvecs|bvecs)$/i.test(path)) return firstOfBinary(path);
  let text: string;
  try {
    text = readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw new UsageError(`--vector-file: ${(error as Error).message}`);
  }
  return vectorOption("what --vector-file holds", text.replace(/^\ufeff/, ""));
}

async function firstOfBinary(path: string): Promise<ArrayLike<number>> {
  const { openSource } = await import("../readers/open-source.ts");
  const source = await openSource(path, {});
  try {
    for await (const rows of source.rows()) {
      for (const row of rows) if ("fields" in row) return row.fields.vector as ArrayLike<number>;
    }
  } finally {
    await source.close();
  }
  throw new UsageError(`--vector-file: ${path} holds no vector`);
}

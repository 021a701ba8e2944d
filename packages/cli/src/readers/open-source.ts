import { closeSync, openSync, readSync } from "node:fs";
import { UsageError } from "../cli/usage-error.ts";
import { ByteInput } from "./byte-input.ts";
import { isGzip } from "./gunzip.ts";
import { FORMATS, type Format, type ReadOptions, type RecordSource } from "./record-source.ts";
import { rowIds } from "./row-ids.ts";

/**
 * Opens a file of records. Formats are loaded when they are needed.
 *
 * @param path - `-` is standard input
 * @throws UsageError when the format is not known, or an option does not fit it
 */
export async function openSource(path: string, options: ReadOptions): Promise<RecordSource> {
  const format = options.format ?? guessFormat(path);
  if (options.ids !== undefined && !["npy", "fvecs", "bvecs"].includes(format)) {
    throw new UsageError("--ids is for .npy, .fvecs and .bvecs files, which hold vectors alone");
  }
  if (format === "parquet") {
    if (path === "-")
      throw new UsageError("Parquet cannot be read from standard input: its index is at the end");
    return (await import("./parquet/open-parquet.ts")).openParquet(path, options.columns);
  }
  const input = new ByteInput(path);
  if (format === "jsonl") return (await import("./jsonl.ts")).readJsonl(input);
  if (format === "text") return (await import("./text-vectors.ts")).readTextVectors(input);
  if (format === "csv" || format === "tsv") return (await import("./csv.ts")).readCsv(input, format, options);
  const ids = rowIds(options.ids);
  if (format === "npy") return (await import("./npy.ts")).readNpy(input, ids);
  return (await import("./vecs.ts")).readVecs(input, format, ids);
}

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "jsonl",
  csv: "csv",
  tsv: "tsv",
  txt: "text",
  vec: "text",
  parquet: "parquet",
  npy: "npy",
  fvecs: "fvecs",
  bvecs: "bvecs",
};

function guessFormat(path: string): Format {
  if (path === "-") throw new UsageError("say what standard input holds with --format");
  const extension = /\.([^./\\]+)$/.exec(path.replace(/\.gz$/i, ""))?.[1]?.toLowerCase() ?? "";
  const head = readHead(path);
  if (head.toString("latin1").startsWith("PAR1")) return "parquet";
  const format = BY_EXTENSION[extension];
  if (format === "jsonl" && head.toString("latin1").trimStart().startsWith("[")) {
    throw new UsageError(`${path} is one JSON array: make lines of it first, as with jq -c '.[]'`);
  }
  if (format !== undefined) return format;
  if (head.toString("latin1").startsWith("\u0093NUMPY")) return "npy";
  if (
    !isGzip(head) &&
    head
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .trimStart()
      .startsWith("{")
  )
    return "jsonl";
  throw new UsageError(`cannot tell what ${path} is: pass --format (${FORMATS.join(", ")})`);
}

function readHead(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  try {
    const head = Buffer.alloc(64);
    return head.subarray(0, readSync(file, head, 0, head.length, 0));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  } finally {
    closeSync(file);
  }
}

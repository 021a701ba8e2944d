import { readFileSync } from "node:fs";
import { UsageError } from "../cli/usage-error.ts";
import { ByteInput } from "./byte-input.ts";
import { splitLines } from "./lines.ts";
import { parseIdList } from "./parse-exactly.ts";

/** Gives ids to the rows of a file that has none, in order. */
export interface RowIds {
  /** The id of the next row; undefined when there are no more. */
  next(): Promise<string | undefined>;
  close(): Promise<void>;
}

/**
 * Ids from a file, one a line or as a JSON array; without one, row numbers from 0,
 * as the ground truth of the ANN benchmarks counts them.
 */
export function rowIds(path: string | undefined): RowIds {
  if (path === undefined) return numberedIds();
  return /\.json$/i.test(path) ? listedIds(path) : lineIds(path);
}

function numberedIds(): RowIds {
  let row = 0;
  return { next: async () => String(row++), close: async () => undefined };
}

function listedIds(path: string): RowIds {
  let ids: unknown;
  try {
    ids = parseIdList(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`--ids: ${path}: ${(error as Error).message}`);
  }
  if (!Array.isArray(ids)) throw new UsageError(`--ids: ${path} must hold a JSON array`);
  const wrong = ids.findIndex((id) => typeof id !== "string" && typeof id !== "number");
  if (wrong >= 0) {
    throw new UsageError(
      `--ids: ${path} must hold strings and numbers, got ${JSON.stringify(ids[wrong])} at ${wrong}`,
    );
  }
  let row = 0;
  const next = async () => (row < ids.length ? String(ids[row++]) : undefined);
  return { next, close: async () => undefined };
}

function lineIds(path: string): RowIds {
  const input = new ByteInput(path);
  const ids = linesOf(input);
  return {
    async next() {
      const { done, value } = await ids.next();
      return done ? undefined : value;
    },
    close: () => input.close(),
  };
}

async function* linesOf(input: ByteInput): AsyncGenerator<string> {
  for await (const { lines, damage } of splitLines(input.chunks())) {
    for (const line of lines) yield line.toString("utf8");
    if (damage !== undefined) throw new Error(`${input.name}: ${damage}`);
  }
}

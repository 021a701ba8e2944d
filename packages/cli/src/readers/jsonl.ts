import { isUtf8 } from "node:buffer";
import type { ByteInput } from "./byte-input.ts";
import { lineRows } from "./line-rows.ts";
import { parseExactly } from "./parse-exactly.ts";
import type { RecordSource, SourceHead } from "./record-source.ts";
import type { Row } from "./row.ts";

/** One JSON object a line. Empty lines are passed over, and so are the head and the end of an engine's export. */
export function readJsonl(input: ByteInput): RecordSource {
  let head: SourceHead | undefined;
  const parseRecord = (line: Buffer, place: number): Row | undefined => {
    const row = parseLine(line, place);
    const mark = row && markOf(row);
    if (mark === undefined) return row;
    if (mark !== "end") head ??= mark;
    return undefined;
  };
  return {
    name: input.name,
    format: "jsonl",
    placeName: "line",
    rows: () => lineRows(input, parseRecord),
    get fraction() {
      return input.fraction;
    },
    get head() {
      return head;
    },
    close: () => input.close(),
  };
}

function parseLine(line: Buffer, place: number): Row | undefined {
  if (!isUtf8(line)) return { place, problem: "the line is not UTF-8" };
  const text = line.toString("utf8");
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch (error) {
    return { place, problem: `the line is not JSON: ${(error as Error).message}` };
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { place, fields: value as Record<string, unknown> };
  }
  return { place, problem: 'the line is JSON, but no object such as {"id": …, "vector": […]}' };
}

/** The first and the last line of an export that an engine wrote are no records. */
function markOf(row: Row): SourceHead | "end" | undefined {
  if (!("fields" in row) || !("vectron" in row.fields)) return undefined;
  const { vectron, dimension, distance } = row.fields;
  if (vectron === "end") return "end";
  if (vectron !== "export" || typeof dimension !== "number" || typeof distance !== "string") return undefined;
  return { dimension, distance };
}

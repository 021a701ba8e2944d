import { isUtf8 } from "node:buffer";
import { parseVector } from "../points/parse-vector.ts";
import type { ByteInput } from "./byte-input.ts";
import { lineRows } from "./line-rows.ts";
import type { RecordSource } from "./record-source.ts";
import type { Row } from "./row.ts";

/**
 * The text form of word vectors: a word and its components with blanks between
 * them, as GloVe has them. A first line of two numbers, as word2vec and fastText
 * have it, says how many there are and is passed over.
 */
export function readTextVectors(input: ByteInput): RecordSource {
  return {
    name: input.name,
    format: "text",
    placeName: "line",
    rows: () => lineRows(input, parseLine),
    get fraction() {
      return input.fraction;
    },
    close: () => input.close(),
  };
}

function parseLine(line: Buffer, place: number): Row | undefined {
  if (!isUtf8(line)) return { place, problem: "the line is not UTF-8" };
  const text = line.toString("utf8").trimEnd();
  if (text === "" || (place === 1 && /^\d+ \d+$/.test(text))) return undefined;
  const blank = text.search(/[ \t]/);
  const vector = blank < 1 ? undefined : parseVector(text.slice(blank));
  if (vector === undefined)
    return { place, problem: "the line is not an id and numbers with blanks between them" };
  return { place, fields: { id: text.slice(0, blank), vector } };
}

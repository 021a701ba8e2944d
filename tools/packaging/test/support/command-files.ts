import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";

const ROWS = 20;
const DIMENSION = 4;

/** The files that the commands of the CLI's README read. */
export function writeCommandFiles(folder: string): void {
  const write = (name: string, contents: string | Uint8Array) => writeFileSync(join(folder, name), contents);
  write(
    "docs.jsonl",
    lines((row) => JSON.stringify({ id: `doc-${row}`, embedding: vectorOf(row), year: 1900 + row })),
  );
  write("part-1.parquet", parquet("first"));
  write("part-2.parquet", parquet("second"));
  write(
    "glove.6B.100d.txt",
    lines((row) => `word${row} ${vectorOf(row, 100).join(" ")}`),
  );
  write("vectors.npy", npy());
  write(
    "ids.txt",
    lines((row) => `row-${row}`),
  );
  write("docs.csv.gz", gzipSync(csv()));
}

/** Different from every other row's, exact in float32. */
function vectorOf(row: number, dimension = DIMENSION): number[] {
  return Array.from({ length: dimension }, (_, component) => 1 + ((row * 31 + component * 17) % 64) / 64);
}

function lines(line: (row: number) => string): string {
  return Array.from({ length: ROWS }, (_, row) => `${line(row)}\n`).join("");
}

function csv(): string {
  const components = Array.from({ length: DIMENSION }, (_, component) => `dim_${component}`);
  return `id,${components.join()}\n${lines((row) => `csv-${row},${vectorOf(row).join()}`)}`;
}

/** One column of texts, and one of lists. */
function parquet(prefix: string): Uint8Array {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const buffer = parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 2 },
      { name: "doc_id", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "embedding", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
    ],
    columnData: [
      { name: "doc_id", data: rows.map((row) => `${prefix}-${row}`) },
      { name: "embedding", data: rows.map((row) => vectorOf(row)) },
    ],
  });
  return new Uint8Array(buffer);
}

/** A NumPy array of float32, a vector a row. */
function npy(): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${ROWS}, ${DIMENSION}), }`;
  const padded = `${header.padEnd(128 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  const rows = Array.from({ length: ROWS }, (_, row) => vectorOf(row));
  const data = Buffer.from(Float32Array.from(rows.flat()).buffer);
  return Buffer.concat([
    Buffer.from("\u0093NUMPY\u0001\u0000", "latin1"),
    length,
    Buffer.from(padded, "latin1"),
    data,
  ]);
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { openParquet } from "../../src/readers/parquet/open-parquet.ts";
import type { Row } from "../../src/readers/row.ts";
import { temporaryDirectory } from "../support/cli.ts";

const COUNT = 1_500;

/** Rows of every shape that a field can have: lists of several lengths, nothing, structures, text that repeats. */
const ROWS = Array.from({ length: COUNT }, (_, i) => ({
  id: `row-${i}`,
  vector: Array.from({ length: 3 + (i % 4) }, (_value, c) => i + c / 8),
  title: i % 5 === 0 ? undefined : `Title ${i % 7}`,
  year: BigInt(1900 + i),
}));

function writeParquet(options: {
  pageSize?: number;
  rowGroupSize?: number;
  codec?: "SNAPPY" | "UNCOMPRESSED";
}): string {
  const path = join(temporaryDirectory(), "rows.parquet");
  const column = <K extends keyof (typeof ROWS)[number]>(name: K) => ROWS.map((row) => row[name]);
  const buffer = parquetWriteBuffer({
    ...options,
    schema: [
      { name: "root", num_children: 4 },
      { name: "id", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "vector", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
      { name: "title", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "year", type: "INT64", repetition_type: "REQUIRED" },
    ],
    columnData: [
      { name: "id", data: column("id") },
      { name: "vector", data: column("vector") },
      { name: "title", data: column("title") },
      { name: "year", data: column("year") },
    ],
  });
  writeFileSync(path, Buffer.from(buffer));
  return path;
}

async function readAll(path: string, columns?: readonly string[]): Promise<Row[]> {
  const source = await openParquet(path, columns);
  const rows: Row[] = [];
  for await (const group of source.rows()) rows.push(...group);
  expect(source.fraction).toBe(1);
  await source.close();
  return rows;
}

describe("Parquet", () => {
  it.each([
    ["one page a column", {}],
    ["pages of a few values, which part rows", { pageSize: 40 }],
    ["pages that end at different rows", { pageSize: 700, codec: "UNCOMPRESSED" as const }],
    ["row groups of their own", { rowGroupSize: 400, pageSize: 300 }],
  ])("is read whole from %s", async (_name, options) => {
    const rows = await readAll(writeParquet(options));
    expect(rows.map(({ place }) => place)).toEqual(ROWS.map((_, i) => i + 1));
    expect(rows.map((row) => "fields" in row && row.fields)).toEqual(
      ROWS.map((row) => ({ ...row, title: row.title ?? null })).map((row) =>
        row.title === null
          ? { ...row, title: expect.toSatisfy((title) => title === null || title === undefined) }
          : row,
      ),
    );
  });

  it("is read for the fields that are wanted", async () => {
    const rows = await readAll(writeParquet({ pageSize: 100 }), ["id", "year"]);
    expect(rows[COUNT - 1]).toEqual({
      place: COUNT,
      fields: { id: `row-${COUNT - 1}`, year: BigInt(1900 + COUNT - 1) },
    });
  });

  it("that is damaged gives the rows before the damage, and says where it is", async () => {
    const path = writeParquet({ rowGroupSize: 500 });
    const bytes = readFileSync(path);
    const [, second] = (await parquetMetadataAsync(await asyncBufferFromFile(path))).row_groups;
    const page = Number(second?.columns[0]?.meta_data?.data_page_offset);
    bytes.fill(0xff, page, page + 40);
    writeFileSync(path, bytes);
    const source = await openParquet(path, undefined);
    const rows: Row[] = [];
    for await (const group of source.rows()) rows.push(...group);
    await source.close();
    expect(rows).toHaveLength(501);
    expect(rows[500]).toMatchObject({
      place: 501,
      problem: expect.stringMatching(/^the Parquet file cannot be read: /),
    });
  });
});

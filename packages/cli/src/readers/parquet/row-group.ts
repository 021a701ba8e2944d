import { type AsyncBuffer, type FileMetaData, parquetSchema, type RowGroup } from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import type { GoodRow } from "../row.ts";
import { ColumnPages } from "./column-pages.ts";

/** Rows that are assembled at a time, however many the pages at hand have. */
const MAX_ROWS = 1_024;

type Fields = GoodRow["fields"];

/** A column, and the rows of it that are decoded and not assembled yet. */
interface OpenColumn {
  readonly pages: ColumnPages;
  rows: ArrayLike<unknown>;
  at: number;
}

/**
 * The rows of a row group, some at a time.
 *
 * @param columns - the fields to read; undefined: all
 */
export async function* rowsOfGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  columns: readonly string[] | undefined,
): AsyncGenerator<Fields[]> {
  const schema = parquetSchema(metadata);
  const fields = schema.children.filter(({ element }) => columns?.includes(element.name) ?? true);
  const names = new Set(fields.map(({ element }) => element.name));
  const open = group.columns.flatMap(({ meta_data: column }): OpenColumn[] =>
    column !== undefined && names.has(column.path_in_schema[0] ?? "")
      ? [{ pages: new ColumnPages(file, column, schema), rows: [], at: 0 }]
      : [],
  );
  for (let left = Number(group.num_rows); left > 0; ) {
    for (const column of open) if (column.at >= column.rows.length) await refill(column);
    const count = Math.min(left, MAX_ROWS, ...open.map(({ rows, at }) => rows.length - at));
    const values = new Map(open.map((column) => [column.pages.path, take(column, count)]));
    for (const field of fields) if (field.children.length > 0) assembleNested(values, field, DEFAULT_PARSERS);
    yield Array.from({ length: count }, (_, row) =>
      Object.fromEntries(fields.map(({ element }) => [element.name, values.get(element.name)?.[row]])),
    );
    left -= count;
  }
}

async function refill(column: OpenColumn): Promise<void> {
  const rows = await column.pages.next();
  if (rows === undefined) throw new Error(`the column ${column.pages.path} ends too early`);
  column.rows = rows;
  column.at = 0;
}

function take(column: OpenColumn, count: number): unknown[] {
  const from = column.at;
  column.at += count;
  return Array.from({ length: count }, (_, i) => column.rows[from + i]);
}

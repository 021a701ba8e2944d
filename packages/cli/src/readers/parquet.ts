import { open } from "node:fs/promises";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { RecordSource } from "./record-source.ts";
import type { Row } from "./row.ts";

/** Rows that are in memory at a time, where the file has an index of its pages. */
const WINDOW_ROWS = 1_024;

interface Window {
  readonly start: number;
  readonly end: number;
  /** Whether the pages of these rows can be read without the others of their row group. */
  readonly indexed: boolean;
}

/**
 * A Parquet file, read a window of rows at a time: pages where the file has an
 * index of them, whole row groups where it has none.
 */
export async function openParquet(
  path: string,
  columns: readonly string[] | undefined,
): Promise<RecordSource> {
  const file = await openFile(path);
  let metadata: FileMetaData | undefined;
  let read = 0;
  async function* rows(): AsyncGenerator<readonly Row[]> {
    try {
      metadata = await parquetMetadataAsync(file.buffer);
      for (const window of windowsOf(metadata)) {
        const found = await parquetReadObjects({
          file: file.buffer,
          metadata,
          compressors,
          columns: columns && [...columns],
          rowStart: window.start,
          rowEnd: window.end,
          useOffsetIndex: window.indexed,
        });
        yield found.map((fields, i) => ({ place: window.start + i + 1, fields }));
        read = window.end;
      }
    } catch (error) {
      yield [{ place: read + 1, problem: `the Parquet file is damaged: ${(error as Error).message}` }];
    }
  }
  return {
    name: path,
    format: "parquet",
    placeName: "row",
    rows,
    get fraction() {
      return metadata === undefined ? 0 : read / Math.max(1, Number(metadata.num_rows));
    },
    close: () => file.close(),
  };
}

function* windowsOf(metadata: FileMetaData): Generator<Window> {
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    const indexed = group.columns.every((column) => column.offset_index_offset !== undefined);
    const step = indexed ? WINDOW_ROWS : groupEnd - groupStart;
    for (let start = groupStart; start < groupEnd; start += step) {
      yield { start, end: Math.min(groupEnd, start + step), indexed };
    }
    groupStart = groupEnd;
  }
}

async function openFile(path: string): Promise<{ readonly buffer: AsyncBuffer; close(): Promise<void> }> {
  const handle = await open(path);
  const { size } = await handle.stat();
  const buffer: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new ArrayBuffer(Math.max(0, Math.min(end, size) - start));
      await handle.read(new Uint8Array(bytes), 0, bytes.byteLength, start);
      return bytes;
    },
  };
  return { buffer, close: () => handle.close() };
}

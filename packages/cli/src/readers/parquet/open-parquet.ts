import { open } from "node:fs/promises";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from "hyparquet";
import type { RecordSource } from "../record-source.ts";
import type { Row } from "../row.ts";
import { rowsOfGroup } from "./row-group.ts";

/** A Parquet file. Memory holds a page of each column at a time, however large its row groups are. */
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
      for (const group of metadata.row_groups) {
        for await (const found of rowsOfGroup(file.buffer, metadata, group, columns)) {
          const first = read + 1;
          read += found.length;
          yield found.map((fields, i) => ({ place: first + i, fields }));
        }
      }
    } catch (error) {
      yield [{ place: read + 1, problem: `the Parquet file cannot be read: ${(error as Error).message}` }];
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

async function openFile(path: string): Promise<{ readonly buffer: AsyncBuffer; close(): Promise<void> }> {
  const handle = await open(path);
  const { size } = await handle.stat();
  const buffer: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new ArrayBuffer(Math.max(0, Math.min(end, size) - start));
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesRead } = await handle.read(
          new Uint8Array(bytes, done),
          0,
          bytes.byteLength - done,
          start + done,
        );
        if (bytesRead === 0) throw new Error("the file ends too early");
        done += bytesRead;
      }
      return bytes;
    },
  };
  return { buffer, close: () => handle.close() };
}

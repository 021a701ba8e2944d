import type { ByteInput } from "./byte-input.ts";
import { GzipError } from "./gunzip.ts";
import type { Format, RecordSource } from "./record-source.ts";
import type { Row } from "./row.ts";
import type { RowIds } from "./row-ids.ts";

interface VectorFile {
  readonly input: ByteInput;
  readonly ids: RowIds;
  readonly format: Format;
  /** The vectors in order; a `RangeError` tells of damage after those that came before. */
  readonly vectors: () => AsyncIterable<readonly Float32Array[]>;
}

/** A file of vectors alone, with ids from elsewhere. */
export function vectorRows({ input, ids, format, vectors }: VectorFile): RecordSource {
  async function* rows(): AsyncGenerator<readonly Row[]> {
    let place = 0;
    try {
      for await (const group of vectors()) {
        const rows: Row[] = [];
        for (const vector of group) {
          place += 1;
          const id = await ids.next();
          if (id === undefined) rows.push({ place, problem: `the file of ids has only ${place - 1}` });
          else rows.push({ place, fields: { id, vector } });
        }
        yield rows;
      }
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof GzipError)) throw error;
      yield [{ place: place + 1, problem: error.message }];
    }
  }
  return {
    name: input.name,
    format,
    placeName: "row",
    rows,
    get fraction() {
      return input.fraction;
    },
    async close() {
      await Promise.all([input.close(), ids.close()]);
    },
  };
}

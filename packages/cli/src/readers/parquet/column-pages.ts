import type { AsyncBuffer, ColumnMetaData, SchemaTree } from "hyparquet";
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getTreePath } from "hyparquet/src/schema.js";
import { compressors } from "hyparquet-compressors";

type Decoder = Parameters<typeof readPage>[2];
type PageHeader = ReturnType<typeof parquetHeader>;
type Values = NonNullable<ReturnType<typeof readPage>["data"]>;

const HEADER_BYTES = 65_536;

/**
 * One column of a row group, decoded a page at a time. hyparquet itself decodes
 * whole column chunks, which for a writer's default of a million rows in a group
 * means all vectors of the file at once.
 */
export class ColumnPages {
  /** The names on the way to the column, as keys of hyparquet's assembly. */
  readonly path: string;
  readonly #file: AsyncBuffer;
  readonly #decoder: Decoder;
  readonly #isRepeated: boolean;
  readonly #end: number;
  #at: number;
  #dictionary: Values | undefined;
  /** The last row of the page before: the next page may go on with it. */
  #open: unknown[] = [];

  constructor(file: AsyncBuffer, column: ColumnMetaData, schema: SchemaTree) {
    const schemaPath = getTreePath(schema, column.path_in_schema);
    const element = schemaPath[schemaPath.length - 1]?.element;
    if (element === undefined) throw new Error(`the schema has no column ${column.path_in_schema.join(".")}`);
    this.path = column.path_in_schema.join(".");
    this.#file = file;
    this.#decoder = {
      ...column,
      pathInSchema: column.path_in_schema,
      element,
      schemaPath,
      compressors,
      parsers: DEFAULT_PARSERS,
    };
    this.#isRepeated = schemaPath.some((node) => node.element.repetition_type === "REPEATED");
    this.#at = Number(column.dictionary_page_offset || column.data_page_offset);
    this.#end = this.#at + Number(column.total_compressed_size);
  }

  /** The values of the next rows, one a row; undefined at the end. */
  async next(): Promise<ArrayLike<unknown> | undefined> {
    while (this.#at < this.#end) {
      const header = await this.#readHeader();
      const from = this.#at;
      this.#at += header.compressed_page_size;
      const reader = { view: new DataView(await this.#file.slice(from, this.#at)), offset: 0 };
      if (header.type === "DICTIONARY_PAGE") {
        const { data } = readPage(reader, header, this.#decoder, undefined, undefined, 0);
        this.#dictionary = data && convert(data, this.#decoder);
        continue;
      }
      const rows = this.#decode(reader, header);
      if (rows.length > 0) return rows;
    }
    const last = this.#open;
    this.#open = [];
    return last.length > 0 ? last : undefined;
  }

  #decode(reader: { view: DataView<ArrayBuffer>; offset: number }, header: PageHeader): ArrayLike<unknown> {
    if (!this.#isRepeated) {
      return readPage(reader, header, this.#decoder, this.#dictionary, undefined, 0).data ?? [];
    }
    const open = this.#open;
    const { data = [] } = readPage(reader, header, this.#decoder, this.#dictionary, open, 0);
    const rows = (data as unknown) === open ? open : [...open, ...Array.from(data as ArrayLike<unknown>)];
    this.#open = rows.splice(-1);
    return rows;
  }

  async #readHeader(): Promise<PageHeader> {
    for (let length = HEADER_BYTES; ; length *= 4) {
      const end = Math.min(this.#end, this.#at + length);
      const reader = { view: new DataView(await this.#file.slice(this.#at, end)), offset: 0 };
      try {
        const header = parquetHeader(reader);
        this.#at += reader.offset;
        return header;
      } catch (error) {
        // A header with long statistics may go on beyond what was read.
        if (!(error instanceof RangeError) || end === this.#end) throw error;
      }
    }
  }
}

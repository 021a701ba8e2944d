import { type CsvError, type Options, parse } from "csv-parse";
import type { ByteInput } from "./byte-input.ts";
import { GzipError } from "./gunzip.ts";
import type { ReadOptions, RecordSource } from "./record-source.ts";
import type { Row } from "./row.ts";

const GROUP_ROWS = 512;

/** Comma-separated values (RFC 4180), the first line naming the fields unless told otherwise. */
export function readCsv(input: ByteInput, format: "csv" | "tsv", options: ReadOptions): RecordSource {
  return {
    name: input.name,
    format,
    placeName: "line",
    rows: () => new CsvReading(input, parserOptions(format, options)).rows(),
    get fraction() {
      return input.fraction;
    },
    close: () => input.close(),
  };
}

function parserOptions(format: "csv" | "tsv", { delimiter, header = true }: ReadOptions): Options {
  return {
    bom: true,
    delimiter: delimiter ?? (format === "tsv" ? "\t" : ","),
    columns: header,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 64 * 1_048_576,
  };
}

/** One pass over the bytes, keeping what is wrong among what is right. */
class CsvReading {
  readonly #input: ByteInput;
  readonly #options: Options;
  #rows: Row[] = [];
  #lines = 0;
  #failure: Error | undefined;

  constructor(input: ByteInput, options: Options) {
    this.#input = input;
    this.#options = options;
  }

  async *rows(): AsyncGenerator<readonly Row[]> {
    const parser = parse({
      ...this.#options,
      on_skip: (error) => this.#skip(error),
    });
    parser.on("data", ({ record, info }: { record: CsvRecord; info: { lines: number } }) => {
      this.#lines = info.lines;
      this.#rows.push({ place: info.lines, fields: named(record) });
    });
    parser.on("error", (error) => {
      this.#failure = error;
    });
    let damage: string | undefined;
    try {
      for await (const chunk of this.#input.chunks()) {
        await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
        if (this.#rows.length >= GROUP_ROWS) yield this.#take();
        if (this.#failure) break;
      }
    } catch (error) {
      if (!(error instanceof GzipError)) throw error;
      damage = error.message;
    }
    // What damage has cut short would be a record of its own otherwise.
    if (damage === undefined && !this.#failure) await this.#end(parser);
    const problem = damage ?? this.#failure?.message;
    if (problem !== undefined) this.#rows.push({ place: this.#lines + 1, problem });
    yield this.#take();
    parser.destroy();
  }

  #end(parser: ReturnType<typeof parse>): Promise<void> {
    const closed = new Promise<void>((resolve) => parser.once("close", resolve));
    parser.end();
    return closed;
  }

  #skip(error: CsvError | undefined): undefined {
    const line = (error as { lines?: number } | undefined)?.lines ?? this.#lines + 1;
    this.#lines = line;
    this.#rows.push({ place: line, problem: error?.message ?? "the line cannot be read" });
    return undefined;
  }

  #take(): Row[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}

type CsvRecord = Readonly<Record<string, string>> | readonly string[];

function named(record: CsvRecord): Readonly<Record<string, string>> {
  if (!Array.isArray(record)) return record as Readonly<Record<string, string>>;
  return Object.fromEntries(record.map((value, i) => [`column${i + 1}`, value]));
}

import type { Row } from "./row.ts";

/** The files that can be read. */
export const FORMATS = ["jsonl", "csv", "tsv", "text", "parquet", "npy", "fvecs", "bvecs"] as const;

export type Format = (typeof FORMATS)[number];

/** What a file says of the collection that it was exported from. */
export interface SourceHead {
  readonly dimension: number;
  readonly distance: string;
}

/** A file of records, open for reading. */
export interface RecordSource {
  readonly name: string;
  readonly format: Format;
  /** What a place in it is called. */
  readonly placeName: "line" | "row";
  /** Its rows in order, in groups. What cannot be read is among them; damage ends them. */
  rows(): AsyncGenerator<readonly Row[]>;
  /** How much of it has been read, from 0 to 1; undefined where its size is not known. */
  readonly fraction: number | undefined;
  /** What an export says of itself; known once the first rows are read. */
  readonly head?: SourceHead | undefined;
  close(): Promise<void>;
}

/** How to read files, beside what they say of themselves. */
export interface ReadOptions {
  /** Default: by the file's name, then by its first bytes. */
  readonly format?: Format | undefined;
  /** Of CSV: what stands between fields. Default `,`, or a tab for TSV. */
  readonly delimiter?: string | undefined;
  /** Of CSV: whether the first line names the fields. Default true. */
  readonly header?: boolean | undefined;
  /** Of files of vectors alone: the file with their ids, one a line, or as a JSON array. Default: row numbers from 0. */
  readonly ids?: string | undefined;
  /** The names of the fields that are wanted, for formats that can leave out others. Default: all. */
  readonly columns?: readonly string[] | undefined;
}

/** A record as its file has it: values by the names of their fields. */
export interface GoodRow {
  /** Its place in the file, from 1. */
  readonly place: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A place in a file that holds no record that can be read. */
export interface BadRow {
  readonly place: number;
  readonly problem: string;
}

export type Row = GoodRow | BadRow;

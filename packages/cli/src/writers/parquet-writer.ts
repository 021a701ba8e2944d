import { renameSync, rmSync } from "node:fs";
import type { Point } from "@vectron/core";
import type { SchemaElement } from "hyparquet";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import type { PointWriter } from "./point-writer.ts";

/** Bounds what is held in memory; readers take a row group at a time too. */
const GROUP_BYTES = 16 * 1_048_576;

const SCHEMA: SchemaElement[] = [
  { name: "root", num_children: 3 },
  { name: "id", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  { name: "vector", converted_type: "LIST", repetition_type: "REQUIRED", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  { name: "element", type: "FLOAT", repetition_type: "REQUIRED" },
  { name: "payload", type: "BYTE_ARRAY", converted_type: "JSON", repetition_type: "REQUIRED" },
];

/** A Parquet file of three columns: id, vector as a list of float32, and payload as JSON. */
export class ParquetPointWriter implements PointWriter {
  readonly #output: string;
  readonly #part: string;
  readonly #writer: ParquetWriter;
  readonly #groupRows: number;
  #rows: Point[] = [];

  constructor(output: string, dimension: number) {
    this.#output = output;
    this.#part = `${output}.part`;
    this.#writer = new ParquetWriter({
      writer: fileWriter(this.#part),
      schema: SCHEMA,
      createdBy: "vectron",
    });
    this.#groupRows = Math.max(1, Math.floor(GROUP_BYTES / (dimension * 4)));
  }

  async write(points: readonly Point[]): Promise<void> {
    for (const point of points) {
      this.#rows.push(point);
      if (this.#rows.length >= this.#groupRows) await this.#flush();
    }
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#writer.finish();
    renameSync(this.#part, this.#output);
  }

  async abandon(): Promise<void> {
    rmSync(this.#part, { force: true });
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    await this.#writer.write({
      rowGroupSize: rows.length,
      columnData: [
        { name: "id", data: rows.map(({ id }) => id), encoding: "PLAIN" },
        // Components hardly ever repeat: neither a dictionary nor compression gains anything.
        {
          name: "vector",
          data: rows.map(({ vector }) => Array.from(vector)),
          encoding: "PLAIN",
          codec: "UNCOMPRESSED",
          statistics: false,
        },
        { name: "payload", data: rows.map(({ payload }) => payload) },
      ],
    });
  }
}

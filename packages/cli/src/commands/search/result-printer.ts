import type { SearchResult } from "@vectron/core";
import type { Output } from "../../output/output.ts";
import { type Column, formatTable, printable, shorten } from "../../output/table.ts";
import { formatPayload, resultJson } from "../../points/format-point.ts";

export type ResultFormat = "table" | "json" | "jsonl";

const ID_WIDTH = 40;
const PIPE_WIDTH = 120;

/** Prints results of a search, once or snapshot by snapshot. */
export class ResultPrinter {
  readonly #out: Output;
  readonly #format: ResultFormat;
  #snapshots = 0;
  #linesDrawn = 0;

  constructor(out: Output, format: ResultFormat) {
    this.#out = out;
    this.#format = format;
  }

  print(results: readonly SearchResult[]): void {
    if (this.#format === "json") this.#out.print(JSON.stringify(results.map(resultJson), null, 2));
    else if (this.#format === "table") this.#out.print(this.#table(results));
    else for (const result of results) this.#out.print(JSON.stringify(resultJson(result)));
  }

  /** Prints what a search has found so far: over the last snapshot, or as a line of JSON. */
  printSnapshot(results: readonly SearchResult[]): void {
    this.#snapshots += 1;
    if (this.#format !== "table") {
      this.#out.print(JSON.stringify({ snapshot: this.#snapshots, results: results.map(resultJson) }));
      return;
    }
    const text = `${this.#out.style.dim(`snapshot ${this.#snapshots}`)}\n${this.#table(results)}`;
    const isTerminal = process.stdout.isTTY;
    if (isTerminal && this.#linesDrawn > 0) process.stdout.write(`\u001b[${this.#linesDrawn}A\u001b[J`);
    this.#out.print(text);
    this.#linesDrawn = text.split("\n").length;
  }

  #table(results: readonly SearchResult[]): string {
    if (results.length === 0) return "nothing was found";
    const columns: Column[] = [
      { title: "#", align: "right" },
      { title: "score", align: "right" },
      { title: "id" },
    ];
    const hasPayload = results.some(({ payload }) => payload && Object.keys(payload).length > 0);
    const hasVector = results.some(({ vector }) => vector !== undefined);
    if (hasPayload) columns.push({ title: "payload" });
    if (hasVector) columns.push({ title: "vector" });
    const ids = results.map(({ id }) => shorten(printable(id), ID_WIDTH));
    const used = Math.max(...ids.map((id) => id.length)) + 20;
    const room = Math.max(20, (process.stdout.columns ?? PIPE_WIDTH) - used);
    const rows = results.map(({ score, payload, vector }, i) => [
      String(i + 1),
      score.toFixed(4),
      ids[i] ?? "",
      ...(hasPayload ? [shorten(formatPayload(payload ?? {}), hasVector ? room >> 1 : room)] : []),
      ...(hasVector
        ? [shorten(`[${Array.from(vector ?? [], (c) => c.toPrecision(4)).join(", ")}]`, room >> 1)]
        : []),
    ]);
    return formatTable(columns, rows, this.#out.style);
  }
}

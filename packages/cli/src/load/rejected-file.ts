import { closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from "node:fs";

/** A record that was not written. */
export interface Rejection {
  readonly file: string;
  /** Line or row, from 1. */
  readonly place: number;
  readonly placeName: "line" | "row";
  readonly id?: string | undefined;
  readonly reason: string;
}

interface Pending {
  /** How many records of the load came before it. */
  readonly position: number;
  readonly rejection: Rejection;
}

/**
 * The file of the records that were rejected, one JSON object a line, in the order
 * of their source. A rejection is written when everything before it is settled, so
 * that a load which goes on later neither misses nor repeats one.
 */
export class RejectedFile {
  readonly path: string;
  /** How many have been found, written to the file or not yet. */
  total = 0;
  #file: number | undefined;
  #length: number;
  #pending: Pending[] = [];

  /** @param length - bytes of the file that an interrupted load left, which are kept; what follows them is not */
  constructor(path: string, length: number) {
    this.path = path;
    this.#length = length;
    if (length === 0) rmSync(path, { force: true });
    else if (existsSync(path)) truncateSync(path, length);
  }

  /** How many bytes the file has. */
  get length(): number {
    return this.#length;
  }

  /** The rejections that an interrupted load left. */
  readKept(): Rejection[] {
    if (this.#length === 0 || !existsSync(this.path)) return [];
    const text = readFileSync(this.path).subarray(0, this.#length).toString("utf8");
    const kept = text.split("\n").filter(Boolean).map(parseRejection);
    this.total = kept.length;
    return kept;
  }

  /** @param position - how many records of the load came before it */
  add(position: number, rejection: Rejection): void {
    this.total += 1;
    this.#pending.push({ position, rejection });
  }

  /** Writes what was found among the first `settled` records of the load. */
  settle(settled: number): void {
    if (this.#pending.length === 0) return;
    const ready = this.#pending.filter(({ position }) => position < settled);
    if (ready.length === 0) return;
    this.#pending = this.#pending.filter(({ position }) => position >= settled);
    ready.sort((a, b) => a.position - b.position || a.rejection.place - b.rejection.place);
    this.#append(ready.map(({ rejection }) => formatRejection(rejection)).join(""));
  }

  /**
   * Writes what is not settled yet too, for people to read: a load that goes on
   * later finds it again, and removes it first.
   */
  showPending(): void {
    const settledLength = this.#length;
    this.settle(Number.POSITIVE_INFINITY);
    this.#length = settledLength;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(text: string): void {
    if (this.#file === undefined) {
      this.#file = openSync(this.path, this.#length === 0 ? "w" : "r+");
    }
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#length + done);
    }
    this.#length += bytes.length;
  }
}

function formatRejection({ file, place, placeName, id, reason }: Rejection): string {
  return `${JSON.stringify({ file, [placeName]: place, ...(id !== undefined && { id }), reason })}\n`;
}

function parseRejection(line: string): Rejection {
  const { file, line: lineNumber, row, id, reason } = JSON.parse(line);
  const placeName = lineNumber === undefined ? "row" : "line";
  return { file, place: lineNumber ?? row, placeName, id, reason };
}

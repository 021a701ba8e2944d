import { nextTurn } from "../engine/turns.ts";
import type { IndexSource } from "../engine/vector-index.ts";
import { NO_RECORD } from "./entry-table.ts";
import type { GraphThread } from "./graph-thread.ts";
import type { GraphRows, GraphSpec } from "./protocol.ts";
import { RowBacklog } from "./row-backlog.ts";
import { RowEntries } from "./row-entries.ts";

/** How long the thread is kept by one call: short while searches wait for it, longer while they do not. */
const SERVING_CALL_MS = 5;
const BUILDING_CALL_MS = 50;
const MOST_ROWS = 4096;
const FIRST_ROWS = 512;
/** A graph is kept again when this part of it has changed since. */
const KEEP_PART = 1 / 10;
/** On closing, when this part has: adding so many again takes as long as keeping all. */
const KEEP_PART_ON_CLOSE = 1 / 100;

/** What a graph is built from. */
export interface BuilderOptions {
  readonly thread: GraphThread;
  readonly spec: GraphSpec;
  readonly source: IndexSource;
  readonly isLive: (row: number) => boolean;
  /** One past the highest row that may be live now. */
  readonly end: number;
  readonly onFailure: (error: Error) => void;
}

/** Keeps one graph up with the rows, by the thread of the graphs, a few at a time. */
export class GraphBuilder {
  readonly #options: BuilderOptions;
  readonly #graph: number;
  readonly #entries = new RowEntries();
  readonly #backlog: RowBacklog;
  /** Entries that stand for no row any more. */
  #dead: number[] = [];
  /** Rows on their way to the thread, as long as they have not changed. */
  readonly #sent = new Set<number>();
  #isSettled = false;
  #isKeeping = false;
  #isOpen = false;
  #isClosed = false;
  #rowsPerMs = FIRST_ROWS / BUILDING_CALL_MS;
  /** Entries added or removed since it was tried to keep the graph; infinite when that never was. */
  #unkept = Number.POSITIVE_INFINITY;
  #run: Promise<void> | undefined;

  constructor(options: BuilderOptions) {
    this.#options = options;
    this.#graph = options.thread.newGraph();
    this.#backlog = new RowBacklog(options.end);
  }

  /** How many rows the graph has. */
  get indexed(): number {
    return this.#entries.size;
  }

  /** How many rows it has yet to take in, at most. */
  get pending(): number {
    return this.#backlog.size;
  }

  /** About what the graph takes: per entry a half-precision vector, its key, its links and what leads to them. */
  get memoryBytes(): number {
    const { dimension, connectivity } = this.#options.spec;
    const perEntry = 2 * dimension + 26 + 4 * (2 * connectivity + 1) + 5;
    return this.#entries.size * perEntry + this.#entries.memoryBytes;
  }

  /** Whether the thread can answer searches, for all rows but those that are `unindexed`. */
  get isServing(): boolean {
    return this.#isSettled && this.#backlog.isCaughtUp && !this.#isKeeping;
  }

  /** The rows to look at beside the graph's, while it is serving. */
  get unindexed(): ReadonlySet<number> {
    return this.#backlog.changed;
  }

  /** The row has a new vector. */
  set(row: number): void {
    this.#part(row);
    this.#backlog.add(row);
    this.wake();
  }

  /** The row is empty. */
  remove(row: number): void {
    this.#part(row);
    this.#backlog.remove(row);
    this.wake();
  }

  /** About `count` rows that are nearest, of those that the graph knows and that are as it knows them. */
  async search(query: Float32Array, count: number): Promise<() => number[]> {
    const { thread } = this.#options;
    const entries = await thread.holdWhile(
      thread.call({ name: "search", parameters: [this.#graph, query, count] }),
    );
    // The rows are looked up when they are wanted: they may change meanwhile.
    return () => {
      const rows: number[] = [];
      for (const entry of entries) {
        const row = this.#entries.rowOf(entry);
        if (row !== undefined) rows.push(row);
      }
      return rows;
    };
  }

  /** Sees to it that work is done, if there is any. */
  wake(): void {
    if (this.#run !== undefined || this.#isClosed || !this.#hasWork()) return;
    this.#run = this.#work().finally(() => {
      this.#run = undefined;
      this.wake();
    });
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#run !== undefined) await this.#options.thread.holdWhile(this.#run);
  }

  /** Ends what is under way; `keeps`: sees to it that the graph is kept about as it is. */
  async close({ keeps }: { readonly keeps: boolean }): Promise<void> {
    this.#isClosed = true;
    await this.#options.thread.holdWhile(this.#end(keeps));
  }

  async #end(keeps: boolean): Promise<void> {
    await this.#run;
    if (!this.#isOpen) return;
    if (keeps && this.#isWorthKeeping(KEEP_PART_ON_CLOSE)) await this.#keep();
    try {
      await this.#options.thread.call({ name: "close", parameters: [this.#graph] });
    } catch {
      // The thread has ended, and the graph with it.
    }
  }

  #hasWork(): boolean {
    const isBehind = this.#dead.length > 0 || this.#backlog.size > 0;
    return isBehind || !this.#isSettled || this.#isWorthKeeping(KEEP_PART);
  }

  async #work(): Promise<void> {
    // Lets the changes of one turn come together.
    await nextTurn();
    try {
      if (!this.#isOpen) await this.#open();
      while (!this.#isClosed && this.#hasWork()) await this.#doNext();
    } catch (error) {
      this.#isClosed = true;
      this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #open(): Promise<void> {
    const { thread, spec, source } = this.#options;
    await thread.call({ name: "open", parameters: [this.#graph, spec, source.cache?.path] });
    this.#isOpen = true;
  }

  async #doNext(): Promise<void> {
    if (this.#dead.length > 0) await this.#removeDead();
    else if (this.#backlog.size > 0) await this.#addSome();
    else if (!this.#isSettled) await this.#settle();
    else await this.#keep();
  }

  async #removeDead(): Promise<void> {
    const dead = this.#dead.splice(0, MOST_ROWS);
    await this.#options.thread.call({ name: "remove", parameters: [this.#graph, Uint32Array.from(dead)] });
    this.#unkept += dead.length;
  }

  async #addSome(): Promise<void> {
    const { thread, isLive } = this.#options;
    const forMs = this.isServing ? SERVING_CALL_MS : BUILDING_CALL_MS;
    const most = Math.min(MOST_ROWS, Math.max(1, Math.round(this.#rowsPerMs * forMs)));
    const taken = this.#backlog.take(most, isLive);
    if (taken.length === 0) return;
    const rows = this.#rowsFor(taken);
    for (const row of taken) this.#sent.add(row);
    const start = performance.now();
    const transfer = [rows.vectors.buffer as ArrayBuffer];
    const entries = await thread.call({ name: "add", parameters: [this.#graph, rows], transfer });
    const rate = taken.length / Math.max(performance.now() - start, 0.1);
    this.#rowsPerMs = Math.min(rate, 2 * this.#rowsPerMs);
    for (const [n, row] of taken.entries()) this.#accept(row, entries[n]!);
    this.#unkept += taken.length;
  }

  /** The graph has a row as `entry`, as the row was when it was sent. */
  #accept(row: number, entry: number): void {
    if (!this.#sent.delete(row)) {
      this.#dead.push(entry);
      return;
    }
    this.#entries.set(row, entry);
    this.#backlog.remove(row);
  }

  #rowsFor(taken: readonly number[]): GraphRows {
    const { rows, cache } = this.#options.source;
    const vectors = new Float32Array(taken.length * rows.dimension);
    for (const [n, row] of taken.entries()) vectors.set(rows.view(row), n * rows.dimension);
    if (cache === undefined) return { vectors, records: undefined };
    return { vectors, records: Float64Array.from(taken, (row) => cache.recordOf(row) ?? NO_RECORD) };
  }

  async #settle(): Promise<void> {
    await this.#options.thread.call({ name: "settle", parameters: [this.#graph] });
    this.#isSettled = true;
  }

  #isWorthKeeping(part: number): boolean {
    if (this.#options.source.cache === undefined || this.#entries.size === 0) return false;
    return this.#unkept > part * this.#entries.size;
  }

  async #keep(): Promise<void> {
    this.#isKeeping = true;
    try {
      await this.#options.thread.call({ name: "save", parameters: [this.#graph] });
    } catch {
      // The disk may be full. The graph is as good as before; it is tried again when more has changed.
    } finally {
      this.#isKeeping = false;
      this.#unkept = 0;
    }
  }

  #part(row: number): void {
    this.#sent.delete(row);
    const entry = this.#entries.part(row);
    if (entry !== undefined) this.#dead.push(entry);
  }
}

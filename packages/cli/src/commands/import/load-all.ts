import { type BulkProgress, type BulkReport, BulkUpsertError, type VectronClient } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { type Interrupt, listenForInterrupt } from "../../cli/interrupt.ts";
import type { Checkpoint, CheckpointFile } from "../../load/checkpoint-file.ts";
import { type MappedSource, RecordFeed, TooManyRejectedError } from "../../load/record-feed.ts";
import type { RejectedFile } from "../../load/rejected-file.ts";
import { count, counted, duration } from "../../output/numbers.ts";
import { Progress } from "../../output/progress.ts";
import type { ImportOptions } from "./options.ts";

export interface LoadParts {
  readonly context: Context;
  readonly client: VectronClient;
  readonly options: ImportOptions;
  readonly sources: readonly MappedSource[];
  readonly dimension: number;
  /** Undefined: nothing is kept of an import that ends early. */
  readonly checkpointFile: CheckpointFile | undefined;
  /** Where to go on. */
  readonly checkpoint: Checkpoint | undefined;
  readonly rejected: RejectedFile;
}

/** Loads all records, and tells how it went. Returns the exit code. */
export async function loadAll(parts: LoadParts): Promise<number> {
  const load = new Load(parts);
  const interrupt = listenForInterrupt(() => load.stopProgress());
  try {
    return load.finish(await load.run(interrupt.signal));
  } catch (error) {
    return load.endEarly(error, interrupt);
  } finally {
    load.stopProgress();
    interrupt.stop();
    parts.rejected.close();
  }
}

const SAVE_EVERY_MS = 1_000;

class Load {
  readonly #parts: LoadParts;
  readonly #feed: RecordFeed;
  readonly #skip: number;
  readonly #writtenBefore: number;
  readonly #tooMany = new AbortController();
  #progress: Progress | undefined;
  #savedMs = performance.now();
  /** How many of the settled records the server or the SDK has refused. */
  #refused: number[] = [];
  #refusedSettled = 0;

  constructor(parts: LoadParts) {
    const { context, options, sources, dimension, checkpoint, rejected } = parts;
    this.#parts = parts;
    this.#skip = checkpoint?.records ?? 0;
    this.#writtenBefore = checkpoint?.written ?? 0;
    this.#feed = new RecordFeed({
      sources,
      rejected,
      dimension,
      rejectDuplicates: options.onDuplicate === "reject",
      skip: this.#skip,
      kept: rejected.readKept(),
      maxRejected: options.maxRejected,
    });
    const isShown = options.progress && (process.stderr.isTTY || !context.out.json);
    if (isShown) this.#progress = new Progress(process.stderr, context.out.noteStyle, "record");
  }

  run(interrupted: AbortSignal): Promise<BulkReport> {
    const { client, options } = this.#parts;
    return client.bulkUpsert(options.collection, this.#feed.points(), {
      signal: AbortSignal.any([interrupted, this.#tooMany.signal]),
      timeoutMs: options.timeoutMs,
      concurrency: options.concurrency,
      maxBatchBytes: options.batchBytes,
      onError: "continue",
      maxRejected: 10_000_000,
      resumeFrom: { records: this.#skip },
      onProgress: (progress) => this.#onProgress(progress),
      onRejected: ({ index, id, error }) => this.#onRejected(index, id, error),
    });
  }

  /** Tells how a load ended that came to the end of its files. */
  finish(report: BulkReport): number {
    const { checkpointFile, rejected } = this.#parts;
    this.stopProgress();
    this.#feed.settle(this.#feed.position + 1);
    checkpointFile?.remove();
    const written = this.#writtenBefore + report.accepted;
    this.#tell("done", written, report.elapsedMs);
    if (rejected.total === 0) return EXIT.ok;
    return written === 0 ? EXIT.failure : EXIT.partial;
  }

  /** Keeps how far a load has come that ended early, and tells it. */
  endEarly(error: unknown, interrupt: Interrupt): number {
    this.stopProgress();
    if (!(error instanceof BulkUpsertError)) throw error;
    const records = this.#save(error.checkpoint.records);
    const { context, checkpointFile, rejected } = this.#parts;
    rejected.showPending();
    const again =
      checkpointFile === undefined ? "" : `; the same command goes on from there (${checkpointFile.path})`;
    const tellKept = () => context.out.note(`${counted(records, "record")} are settled${again}`);
    if (interrupt.exitCode !== undefined) {
      this.#tell("interrupted", this.#written(records), error.report.elapsedMs);
      if (!context.out.json) tellKept();
      return interrupt.exitCode;
    }
    if (!context.out.json) tellKept();
    if (!context.out.json && rejected.total > 0) context.out.note(this.#describeRejected());
    const { signal } = this.#tooMany;
    if (signal.aborted) throw signal.reason;
    throw error.cause instanceof TooManyRejectedError ? error.cause : error;
  }

  stopProgress(): void {
    this.#progress?.clear();
    this.#progress = undefined;
  }

  #onProgress({ accepted, checkpoint }: BulkProgress): void {
    const { rejected } = this.#parts;
    this.#feed.settle(checkpoint.records);
    this.#progress?.update({
      done: this.#writtenBefore + accepted,
      rejected: rejected.total,
      fraction: this.#feed.fraction,
    });
    if (performance.now() - this.#savedMs >= SAVE_EVERY_MS) this.#save(checkpoint.records);
  }

  #onRejected(index: number, id: string | undefined, error: Error): void {
    this.#refused.push(index);
    try {
      this.#feed.rejectHandedOn(index, id, error.message);
    } catch (tooMany) {
      this.#tooMany.abort(tooMany);
    }
  }

  /** Saves a checkpoint; returns how many records it says are settled. */
  #save(settled: number): number {
    const { checkpointFile, rejected } = this.#parts;
    // A load that ends while it passes over what is settled has not lost it.
    const records = Math.max(settled, this.#skip);
    this.#feed.settle(records);
    this.#savedMs = performance.now();
    checkpointFile?.save({ records, written: this.#written(records), rejectedBytes: rejected.length });
    return records;
  }

  #written(records: number): number {
    this.#refusedSettled += this.#refused.filter((index) => index < records).length;
    this.#refused = this.#refused.filter((index) => index >= records);
    return this.#writtenBefore + records - this.#skip - this.#refusedSettled;
  }

  #describeRejected(): string {
    const { context, rejected } = this.#parts;
    return `${context.out.style.bad(`${count(rejected.total)} rejected`)}, with the reasons in ${rejected.path}`;
  }

  #tell(state: "done" | "interrupted", written: number, elapsedMs: number): void {
    const { context, options, rejected } = this.#parts;
    const { out } = context;
    const { collection } = options;
    const hasRejected = rejected.total > 0;
    const facts = { state, collection, written, rejected: rejected.total, elapsedMs: Math.round(elapsedMs) };
    const rate = count(((written - this.#writtenBefore) / Math.max(1, elapsedMs)) * 1_000);
    out.result({ ...facts, ...(hasRejected && { rejectedFile: rejected.path }) }, () =>
      [
        `${state === "done" ? out.style.good("loaded") : out.style.warn("interrupted:")} ${counted(written, "record")} into ${collection} in ${duration(elapsedMs)} (${rate} a second)`,
        ...(hasRejected ? [this.#describeRejected()] : []),
      ].join("\n"),
    );
  }
}

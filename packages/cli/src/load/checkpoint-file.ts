import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { UsageError } from "../cli/usage-error.ts";
import { difference, type Fingerprint } from "./fingerprint.ts";

const VERSION = 1;

/** Where an interrupted load goes on, and what it was a load of. */
export interface Checkpoint {
  readonly version: number;
  readonly target: string;
  readonly collection: string;
  readonly sources: readonly Fingerprint[];
  /** The options that decide which records the files hold. */
  readonly reading: string;
  /** How many records at the start of the files are settled: written or rejected. */
  readonly records: number;
  /** How many of those were written. */
  readonly written: number;
  /** Bytes of the file of rejected records that belong to them. */
  readonly rejectedBytes: number;
}

/** The facts by which a checkpoint is known to be of the same load. */
export type LoadIdentity = Pick<Checkpoint, "target" | "collection" | "sources" | "reading">;

/** A checkpoint in a file; it is whole at every moment. */
export class CheckpointFile {
  readonly path: string;
  readonly #identity: LoadIdentity;

  constructor(path: string, identity: LoadIdentity) {
    this.path = path;
    this.#identity = identity;
  }

  /**
   * The checkpoint that an interrupted load left.
   *
   * @throws UsageError when it is of another load, or a file has changed since
   */
  read(): Checkpoint | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const checkpoint = parse(text);
    if (checkpoint === undefined) throw this.#refusal("it is no checkpoint of this version");
    this.#refuseOther(checkpoint);
    return checkpoint;
  }

  save(progress: Pick<Checkpoint, "records" | "written" | "rejectedBytes">): void {
    const checkpoint: Checkpoint = { version: VERSION, ...this.#identity, ...progress };
    const part = `${this.path}.part`;
    writeFileSync(part, `${JSON.stringify(checkpoint, null, 2)}\n`);
    renameSync(part, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  #refuseOther(found: Checkpoint): void {
    const { target, collection, sources, reading } = this.#identity;
    if (found.collection !== collection) throw this.#refusal(`it is of collection "${found.collection}"`);
    if (found.target !== target) throw this.#refusal(`it is of a load into ${found.target}`);
    if (found.sources.length !== sources.length) throw this.#refusal("it is of other files");
    for (const [i, now] of sources.entries()) {
      const changed = difference(found.sources[i] as Fingerprint, now);
      if (changed !== undefined) throw this.#refusal(`${now.file} has changed since: ${changed}`);
    }
    if (found.reading !== reading)
      throw this.#refusal("the options that choose fields and records are others");
  }

  #refusal(why: string): UsageError {
    return new UsageError(
      `cannot go on from the checkpoint ${this.path}: ${why}; --restart begins anew, --checkpoint names another file`,
    );
  }
}

function parse(text: string): Checkpoint | undefined {
  try {
    const value = JSON.parse(text) as Checkpoint;
    const isWhole =
      value.version === VERSION &&
      Array.isArray(value.sources) &&
      [value.records, value.written, value.rejectedBytes].every((n) => Number.isSafeInteger(n) && n >= 0);
    return isWhole ? value : undefined;
  } catch {
    return undefined;
  }
}

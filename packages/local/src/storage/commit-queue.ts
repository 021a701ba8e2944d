import { setImmediate as nextTurn } from "node:timers/promises";
import { failure } from "../service/failures.ts";
import type { Operation } from "./lmdb-file.ts";

/** Changes that are made together or not at all. */
export interface Commit {
  /** About how much they are. */
  readonly bytes: number;
  /** The changes, given all commits before this one. Called when it is their turn, again if they are to be repeated. */
  operations(): readonly Operation[];
  /** They have not been made: takes back what `operations` noted. */
  revert(): void;
}

interface Waiting {
  readonly commit: Commit;
  resolve(): void;
  reject(error: unknown): void;
}

/** Bounds the memory of a transaction. A flush of so much takes longer than waiting for another one does. */
const MAX_GROUP_BYTES = 16 * 1024 * 1024;

/**
 * Makes commits one after another, in the order of their coming. Those that come
 * while one is under way are made together next, so that they share one flush.
 */
export class CommitQueue {
  readonly #write: (operations: readonly Operation[]) => Promise<void>;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(write: (operations: readonly Operation[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the commit is made; rejects when it is not. */
  push(commit: Commit): Promise<void> {
    if (this.#isClosed) return Promise.reject(failure("CANCELLED", "the engine has been closed"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ commit, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Takes no more commits, and resolves when those that wait are made. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Lets callers whose commit was made just now, and those of this turn, come along.
      await nextTurn();
      await this.#commit(this.#takeGroup());
    }
    this.#draining = undefined;
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ commit }, n) => {
      bytes += commit.bytes;
      return n > 0 && bytes > MAX_GROUP_BYTES;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#attempt(group.map(({ commit }) => commit));
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length === 1) group[0]!.reject(error);
      // One of them may be at fault, or all too much together: each has its own chance.
      else for (const one of group) await this.#commit([one]);
    }
  }

  async #attempt(commits: readonly Commit[]): Promise<void> {
    const begun: Commit[] = [];
    try {
      const operations = commits.flatMap((commit) => {
        begun.push(commit);
        return commit.operations();
      });
      if (operations.length > 0) await this.#write(operations);
    } catch (error) {
      for (const commit of begun.reverse()) commit.revert();
      throw error;
    }
  }
}

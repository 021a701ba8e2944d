import { rmSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RootDatabase } from "lmdb";
import type { Durability } from "./durability.ts";
import type { Lmdb } from "./load-lmdb.ts";
import { PageFile, type Snapshot } from "./page-file.ts";
import { damaged, diskFull, systemFailure } from "./storage-errors.ts";

/** One change: the value of a key, or that it has none. */
export interface Operation {
  readonly key: Buffer;
  readonly value?: Uint8Array;
}

/**
 * LMDB fills pages badly that hold a few values only: on the usual 4 KiB, vectors
 * of 384 dimensions took 2.7 times their size. On larger pages they take 1.2 times
 * their size, and neither single writes nor scattered ones are measurably slower.
 */
const PAGE_BYTES = 32_768;

/** What lmdb-js has and its types leave out. */
interface Flushable {
  sync(callback: (error?: unknown) => void): void;
}

/** The file of a directory's data, opened for writing by LMDB. */
export class LmdbFile {
  readonly path: string;
  readonly #database: RootDatabase;
  readonly #pages: PageFile;

  private constructor(path: string, database: RootDatabase, pages: PageFile) {
    this.path = path;
    this.#database = database;
    this.#pages = pages;
  }

  /**
   * @param isNew - whether it is to be made; one that should be there and is not is damage
   */
  static async open(
    lmdb: Lmdb,
    directory: string,
    options: { readonly durability: Durability; readonly isNew: boolean },
  ): Promise<LmdbFile> {
    const path = join(directory, "data.mdb");
    if (options.isNew) removeDraft(path);
    else checkHead(path);
    const database = openDatabase(lmdb, path, options.durability);
    try {
      return new LmdbFile(path, database, PageFile.open(path));
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  get pages(): PageFile {
    return this.#pages;
  }

  /** The state that LMDB goes on from. */
  snapshot(): Snapshot {
    const { lastTxnId } = this.#database.getStats() as { readonly lastTxnId: number };
    const snapshot = this.#pages.snapshots().find(({ transaction }) => transaction === lastTxnId);
    if (snapshot === undefined) throw damaged(this.path, `no meta page is of transaction ${lastTxnId}`);
    return snapshot;
  }

  /** Keeps the pages of the present state from being used again, until the function returned is called. */
  pin(): () => void {
    const transaction = this.#database.useReadTransaction();
    return () => transaction.done();
  }

  /**
   * Makes all of the changes or, rejecting, none. When it resolves they are as
   * durable as the file was opened to be. One call at a time.
   */
  async write(operations: readonly Operation[]): Promise<void> {
    const database = this.#database;
    try {
      await database.batch(() => {
        for (const { key, value } of operations) {
          if (value === undefined) database.remove(key);
          else database.put(key, value as Buffer);
        }
      });
    } catch (error) {
      const cause = await commitError(error);
      // A write of which only a part fitted is reported as a mere input/output error.
      if (await isFull(this.path)) throw diskFull(this.path, cause);
      throw systemFailure(`cannot write to ${this.path}`, cause);
    }
    // The changes went to a file that nobody can open any more.
    if (this.#pages.isUnlinked) throw damaged(this.path, "it has been removed while it was open");
  }

  /** Flushes the file and closes it, whether or not that can be done. */
  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#database.close();
      this.#pages.close();
    }
  }

  #flush(): Promise<void> {
    const database = this.#database as unknown as Flushable;
    return new Promise((resolve, reject) => {
      database.sync((error) => {
        if (error) reject(systemFailure(`cannot flush ${this.path}`, error));
        else resolve();
      });
    });
  }
}

function openDatabase(lmdb: Lmdb, path: string, durability: Durability): RootDatabase {
  try {
    return lmdb.open({
      path,
      noSubdir: true,
      encoding: "binary",
      keyEncoding: "binary",
      pageSize: PAGE_BYTES,
      // A commit is over when it is on the disk, data first and then the meta page that makes it count.
      // Without the second flush the next commit makes up for it, and the order stays.
      overlappingSync: false,
      noMetaSync: durability === "relaxed",
      // With it, lmdb-js makes promises of its own that nobody awaits and that reject when a commit fails.
      eventTurnBatching: false,
    });
  } catch (error) {
    throw systemFailure(`cannot open ${path}`, error);
  }
}

/** Looks at the file before LMDB does, which trusts it. */
function checkHead(path: string): void {
  const pages = PageFile.open(path);
  try {
    pages.snapshots();
  } finally {
    pages.close();
  }
}

/** What a creation that was cut short has left. */
function removeDraft(path: string): void {
  for (const name of [path, `${path}-lock`]) rmSync(name, { force: true });
}

/** Less than a large write takes: a file system counts a disk as full before its last block is used. */
const FULL_BELOW_BYTES = 1024 * 1024;

async function isFull(path: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    return bavail * bsize < FULL_BELOW_BYTES;
  } catch {
    return false;
  }
}

/** lmdb-js rejects with an error that promises the reason. */
async function commitError(error: unknown): Promise<unknown> {
  const promised = (error as { readonly commitError?: Promise<unknown> } | null)?.commitError;
  if (promised === undefined) return error;
  return promised.then(
    () => error,
    (reason: unknown) => reason,
  );
}

import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import type { Lmdb } from "./load-lmdb.ts";
import { systemFailure, unusable } from "./storage-errors.ts";

interface Holder {
  readonly pid: number;
  /** Tells a process from an earlier one of the same pid. */
  readonly start: string;
  readonly host: string;
  readonly since: string;
}

const MAX_WAIT_ERRORS = /EAGAIN|EACCES|temporarily unavailable/i;

/** Directories that this thread has open, by real path: LMDB must not open a file twice in one process. */
const held: Map<string, Holder> = shared("@vectron/local:held-directories", () => new Map());

/**
 * The right to write to a directory, which one process has at a time.
 *
 * The lock is the system's own, by way of an LMDB file with nothing in it: a
 * process that has a read transaction open on it holds a lock on the byte of its
 * pid, which the system gives up when the process ends, however it ends. So a
 * lock never outlives its holder, and a pid that is used again is no mistake.
 * `lock.json` says who holds it; it is read and written under LMDB's write lock.
 */
export class DirectoryLock {
  readonly #database: RootDatabase;
  readonly #holderPath: string;
  readonly #realPath: string;
  readonly #presence: { done(): void };

  private constructor(database: RootDatabase, directory: string, realPath: string) {
    this.#database = database;
    this.#holderPath = join(directory, "lock.json");
    this.#realPath = realPath;
    this.#presence = database.useReadTransaction();
  }

  /** @throws FailedPreconditionError naming the holder, when there is one */
  static async acquire(lmdb: Lmdb, directory: string): Promise<DirectoryLock> {
    const realPath = realpathSync(directory);
    const here = held.get(realPath);
    if (here !== undefined) throw inUse(directory, here);
    const holder = ownHolder();
    held.set(realPath, holder);
    let database: RootDatabase | undefined;
    try {
      database = openLockFile(lmdb, directory);
      const lock = new DirectoryLock(database, directory, realPath);
      lock.#claim(directory, holder);
      return lock;
    } catch (error) {
      held.delete(realPath);
      await database?.close();
      throw asLockError(directory, error);
    }
  }

  async release(): Promise<void> {
    try {
      this.#database.transactionSync(() => rmSync(this.#holderPath, { force: true }));
    } catch {
      // It only names the holder. With the file closed it names one that is no more.
    }
    this.#presence.done();
    await this.#database.close();
    held.delete(this.#realPath);
  }

  #claim(directory: string, own: Holder): void {
    this.#database.readerCheck();
    this.#database.transactionSync(() => {
      const other = readHolder(this.#holderPath);
      if (other !== undefined && this.#isPresent(other, own)) throw inUse(directory, other);
      writeFileSync(this.#holderPath, `${JSON.stringify(own)}\n`);
    });
  }

  #isPresent(other: Holder, own: Holder): boolean {
    // Of the same pid and another start: it is gone, or this process could not have locked the byte.
    if (other.pid === own.pid) return other.start === own.start;
    const readers = this.#database.readerList();
    return readers.split("\n").some((line) => Number.parseInt(line, 10) === other.pid);
  }
}

function openLockFile(lmdb: Lmdb, directory: string): RootDatabase {
  return lmdb.open({
    path: join(directory, "lock.mdb"),
    noSubdir: true,
    overlappingSync: false,
    encoding: "binary",
  });
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, "utf8"));
    return typeof holder?.pid === "number" ? holder : undefined;
  } catch {
    // None, or one that ended while it wrote its name.
    return undefined;
  }
}

function ownHolder(): Holder {
  return { pid: process.pid, start: ownStart(), host: hostname(), since: new Date().toISOString() };
}

function ownStart(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The fields after the command, which is in brackets and may hold spaces; the 22nd of all is the start.
    return `${boot}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return String(Math.round(Date.now() / 1000 - process.uptime()));
  }
}

function inUse(directory: string, { pid, host, since }: Holder): Error {
  const who = pid === process.pid ? `this process (pid ${pid})` : `process ${pid} on host ${host}`;
  return unusable(`${directory} is in use by ${who} since ${since}: one process can have it open at a time`);
}

function asLockError(directory: string, error: unknown): unknown {
  const { name = "", message = "" } = (error ?? {}) as Partial<Error>;
  if (name.endsWith("Error") && "toJSON" in (error as object)) return error;
  // Another process with this one's pid, in a container of its own, holds the lock on it.
  if (MAX_WAIT_ERRORS.test(message))
    return unusable(`${directory} is in use by a process in another container`);
  return systemFailure(`cannot lock ${directory}`, error);
}

/** One value for all copies of this module. */
function shared<T>(name: string, make: () => T): T {
  const registry = globalThis as { [key: symbol]: unknown };
  const key = Symbol.for(name);
  registry[key] ??= make();
  return registry[key] as T;
}

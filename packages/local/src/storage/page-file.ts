import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { damaged, systemFailure } from "./storage-errors.ts";

/** Where a B-tree begins. */
export interface TreeRoot {
  /** Page number; undefined for an empty tree. */
  readonly page: number | undefined;
  readonly depth: number;
  readonly entries: number;
}

/** One state of the file, as a meta page describes it. */
export interface Snapshot {
  readonly transaction: number;
  /** The last page that the snapshot can use. */
  readonly lastPage: number;
  /** The keys and their values. */
  readonly tree: TreeRoot;
  /** The pages that are free, by the transaction that freed them. */
  readonly freePages: TreeRoot;
}

export const PAGE_HEADER_BYTES = 24;
/** Those before it are the two meta pages. */
export const FIRST_DATA_PAGE = 2;

const META_MAGIC = 0xbeef_c0de;
/** The data version of the LMDB inside lmdb-js 3. */
const DATA_VERSION = 2;
const META_FLAG = 0x08;
const META_BYTES = 168;
const NO_PAGE = 2n ** 64n - 1n;
const LEAST_PAGE_BYTES = 256;
const MOST_PAGE_BYTES = 65_536;
/** LMDB's pages are the system's, two of which a new file has. */
const LEAST_SYSTEM_PAGE_BYTES = 4_096;
/** A page that one transaction took and gave back is never written. None takes so many. */
const MOST_UNWRITTEN_PAGES = 65_536;
/** Pages written one after another mostly lie one after another: a read takes this many bytes at once. */
const READ_AHEAD_BYTES = 131_072;

/**
 * The pages of an LMDB file, read without LMDB: it trusts what it maps, and a
 * torn or truncated file would end the process instead of being reported.
 *
 * The layout is `mdb.c`'s on 64-bit little-endian machines (`MDB_page_header`,
 * `MDB_meta`), with the two page fields that lmdb-js adds.
 */
export class PageFile {
  readonly path: string;
  readonly pageBytes: number;
  readonly #fd: number;
  #ahead: Buffer = Buffer.alloc(0);
  #aheadStart = 0;

  private constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
    this.pageBytes = this.#readPageBytes();
  }

  /** @throws DataLossError when it is not an LMDB file, or is cut off within its first pages */
  static open(path: string): PageFile {
    let fd: number;
    try {
      fd = openSync(path, "r");
    } catch (error) {
      throw systemFailure(`cannot read ${path}`, error);
    }
    try {
      return new PageFile(path, fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Whether nothing has ever been committed to the file, or it has not even been made whole. */
  static isBlank(path: string): boolean {
    if (statSync(path).size < 2 * LEAST_SYSTEM_PAGE_BYTES) return true;
    const file = PageFile.open(path);
    try {
      return file.snapshots().every(({ tree }) => tree.page === undefined);
    } finally {
      file.close();
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Whether the file has been removed from its directory. */
  get isUnlinked(): boolean {
    return fstatSync(this.#fd).nlink === 0;
  }

  /** The states that the meta pages describe, the newest first. */
  snapshots(): Snapshot[] {
    return [0, this.pageBytes]
      .map((offset) => this.#readMeta(offset))
      .sort((a, b) => b.transaction - a.transaction);
  }

  /** The bytes of one page. */
  page(number: number): Buffer {
    const start = number * this.pageBytes;
    const end = start + this.pageBytes;
    if (start < this.#aheadStart || end > this.#aheadStart + this.#ahead.length) {
      this.#ahead = this.#read(start, READ_AHEAD_BYTES, this.pageBytes);
      this.#aheadStart = start;
    }
    return this.#ahead.subarray(start - this.#aheadStart, end - this.#aheadStart);
  }

  /** Exactly `length` bytes from the beginning of a page on. */
  bytesFrom(number: number, length: number): Buffer {
    return this.#read(number * this.pageBytes, length, length);
  }

  /** Up to `wanted` bytes, no fewer than `needed`. */
  #read(start: number, wanted: number, needed: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(wanted, needed));
    let filled = 0;
    while (filled < bytes.length) {
      const read = readSync(this.#fd, bytes, filled, bytes.length - filled, start + filled);
      if (read === 0) break;
      filled += read;
    }
    if (filled < needed) {
      throw damaged(this.path, `it ends at byte ${start + filled}, within what is in use`);
    }
    return bytes.subarray(0, filled);
  }

  #readPageBytes(): number {
    const meta = this.#read(0, META_BYTES, META_BYTES);
    if (!isMeta(meta)) throw damaged(this.path, "it does not begin as an LMDB file");
    if (!isKnownVersion(meta)) throw damaged(this.path, "its LMDB data version is not known");
    const bytes = meta.readUInt32LE(48);
    if (bytes >= LEAST_PAGE_BYTES && bytes <= MOST_PAGE_BYTES && Number.isInteger(Math.log2(bytes)))
      return bytes;
    throw damaged(this.path, `its page size is said to be ${bytes}`);
  }

  #readMeta(offset: number): Snapshot {
    const meta = this.#read(offset, META_BYTES, META_BYTES);
    if (!(isMeta(meta) && isKnownVersion(meta))) {
      throw damaged(this.path, `page ${offset / this.pageBytes} is not a meta page`);
    }
    const lastPage = Number(meta.readBigUInt64LE(144));
    // LMDB takes new pages from there on, wherever that is.
    if (lastPage > fstatSync(this.#fd).size / this.pageBytes + MOST_UNWRITTEN_PAGES) {
      throw damaged(this.path, `its last page is said to be ${lastPage}`);
    }
    return {
      transaction: Number(meta.readBigUInt64LE(152)),
      lastPage,
      tree: treeRoot(meta.subarray(96)),
      freePages: treeRoot(meta.subarray(48)),
    };
  }
}

/** Of an `MDB_db`. */
function treeRoot(database: Buffer): TreeRoot {
  const root = database.readBigUInt64LE(40);
  return {
    page: root === NO_PAGE ? undefined : Number(root),
    depth: database.readUInt16LE(6),
    entries: Number(database.readBigUInt64LE(32)),
  };
}

function isMeta(page: Buffer): boolean {
  return (page.readUInt16LE(18) & META_FLAG) !== 0 && page.readUInt32LE(24) === META_MAGIC;
}

function isKnownVersion(page: Buffer): boolean {
  return (page.readUInt32LE(28) & 0xffff) === DATA_VERSION;
}

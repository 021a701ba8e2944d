import { FIRST_DATA_PAGE, PAGE_HEADER_BYTES, type PageFile, type TreeRoot } from "./page-file.ts";
import { damaged } from "./storage-errors.ts";

/** One key with its value. */
export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
  /** The page that holds it, for error messages. */
  readonly page: number;
}

const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const NODE_HEADER_BYTES = 8;
/** Set on a node whose value lies on overflow pages; other flags are for databases that we do not make. */
const BIG_DATA = 0x01;

/** Keys from the first on, and before the second; where one is undefined there is no bound. */
type Bounds = readonly [from: Buffer | undefined, to: Buffer | undefined];

const EVERYTHING: Bounds = [undefined, undefined];

/** A tree, as the snapshot that it is of has it. */
export interface Tree {
  readonly root: TreeRoot;
  /** The last page that the snapshot can use. */
  readonly lastPage: number;
  /** The order of the keys. Default: that of their bytes. */
  readonly compareKeys?: (a: Buffer, b: Buffer) => number;
}

interface Place {
  readonly page: number;
  /** How many levels are left, 1 at a leaf. */
  readonly height: number;
  /** The keys that it may hold. */
  readonly bounds: Bounds;
}

/**
 * Reads a B-tree of one snapshot in the order of its keys, and checks on its
 * way all that LMDB takes for granted: that pages are within the file and are
 * what their parents say, that nodes are within pages, that keys ascend and are
 * where a search would look for them.
 *
 * The snapshot's pages must not be used again meanwhile: a read transaction of
 * LMDB sees to that.
 */
export class TreeReader {
  readonly #file: PageFile;
  readonly #root: TreeRoot;
  readonly #lastPage: number;
  readonly #compare: (a: Buffer, b: Buffer) => number;
  readonly #pages = new Set<number>();

  constructor(file: PageFile, { root, lastPage, compareKeys = Buffer.compare }: Tree) {
    this.#file = file;
    this.#root = root;
    this.#lastPage = lastPage;
    this.#compare = compareKeys;
  }

  /** How many entries the tree is said to have. */
  get entries(): number {
    return this.#root.entries;
  }

  /** The pages that have been read: all of the tree, once all entries have been. */
  get pages(): ReadonlySet<number> {
    return this.#pages;
  }

  /**
   * The entries of a range, in the order of their keys. Default: all of them.
   *
   * @throws DataLossError where the tree is not whole
   */
  *range(range: Bounds = EVERYTHING): Generator<Entry> {
    const { page, depth } = this.#root;
    if (page === undefined) return;
    yield* this.#walk({ page, height: depth, bounds: EVERYTHING }, range);
  }

  *#walk(place: Place, range: Bounds): Generator<Entry> {
    if (place.height === 1) {
      yield* this.#leaf(place, range);
      return;
    }
    for (const child of this.#children(place)) {
      const [from, to] = child.bounds;
      if (from !== undefined && !this.#isBefore(from, range[1])) return;
      if (to !== undefined && range[0] !== undefined && !this.#isBefore(range[0], to)) continue;
      yield* this.#walk(child, range);
    }
  }

  *#leaf(place: Place, range: Bounds): Generator<Entry> {
    const page = this.#page(place, LEAF);
    const nodes = [...this.#nodes(place.page, page)];
    this.#checkBounds(
      place,
      this.#keyAt(place.page, page, nodes[0]!),
      this.#keyAt(place.page, page, nodes.at(-1)!),
    );
    const isInside = this.#isWithin(place.bounds, range);
    let last: Buffer | undefined;
    for (const node of nodes) {
      const key = this.#keyAt(place.page, page, node);
      this.#checkOrder(place.page, last, key);
      last = key;
      if (!isInside && range[0] !== undefined && this.#isBefore(key, range[0])) continue;
      if (!isInside && !this.#isBefore(key, range[1])) return;
      yield { key, value: this.#valueAt(place.page, page, node), page: place.page };
    }
  }

  /** The children of a branch, in order. */
  #children(place: Place): Place[] {
    const page = this.#page(place, BRANCH);
    const children: { page: number; key: Buffer | undefined }[] = [];
    let last: Buffer | undefined;
    for (const node of this.#nodes(place.page, page)) {
      const isFirst = children.length === 0;
      // The first key is not used, and not kept up.
      const key = isFirst ? undefined : this.#keyAt(place.page, page, node);
      if (key !== undefined) {
        this.#checkOrder(place.page, last, key);
        this.#checkBounds(place, key, key);
      }
      last = key;
      children.push({ page: page.readUIntLE(node, 6), key });
    }
    return children.map((child, n) => ({
      page: child.page,
      height: place.height - 1,
      bounds: [child.key ?? place.bounds[0], children[n + 1]?.key ?? place.bounds[1]],
    }));
  }

  #page({ page: number, height }: Place, kind: number): Buffer {
    if (height < 1) throw this.#damaged(number, "the tree is deeper than it is said to be");
    if (number < FIRST_DATA_PAGE || number > this.#lastPage) {
      throw this.#damaged(number, `the last page is ${this.#lastPage}`);
    }
    const page = this.#file.page(number);
    this.#checkHeader(number, page, kind);
    this.#pages.add(number);
    return page;
  }

  #checkHeader(number: number, page: Buffer, kind: number): void {
    if (Number(page.readBigUInt64LE(0)) !== number) throw this.#damaged(number, "it has another's number");
    if (page.readUInt16LE(18) !== kind) throw this.#damaged(number, "it is of another kind");
  }

  /** Where the nodes of a page begin. */
  *#nodes(number: number, page: Buffer): Generator<number> {
    const lower = PAGE_HEADER_BYTES + page.readUInt16LE(20);
    const upper = PAGE_HEADER_BYTES + page.readUInt16LE(22);
    if (lower > upper || upper > page.length || lower % 2 !== 0 || lower === PAGE_HEADER_BYTES) {
      throw this.#damaged(number, "its bounds are not possible");
    }
    for (let slot = PAGE_HEADER_BYTES; slot < lower; slot += 2) {
      const node = PAGE_HEADER_BYTES + page.readUInt16LE(slot);
      if (node < upper || node + NODE_HEADER_BYTES > page.length) {
        throw this.#damaged(number, "a node is outside of it");
      }
      yield node;
    }
  }

  #keyAt(number: number, page: Buffer, node: number): Buffer {
    const start = node + NODE_HEADER_BYTES;
    const end = start + page.readUInt16LE(node + 6);
    if (end > page.length) throw this.#damaged(number, "a key is outside of it");
    return page.subarray(start, end);
  }

  #checkOrder(page: number, last: Buffer | undefined, key: Buffer): void {
    if (last !== undefined && !this.#isBefore(last, key))
      throw this.#damaged(page, "its keys are not in order");
  }

  /** Whether the keys of a page, from the first to the last, are where a search would look for them. */
  #checkBounds({ page, bounds: [from, to] }: Place, first: Buffer, last: Buffer): void {
    const isWithin = (from === undefined || this.#compare(from, first) <= 0) && this.#isBefore(last, to);
    if (!isWithin) throw this.#damaged(page, "its keys belong elsewhere");
  }

  #isBefore(key: Buffer, bound: Buffer | undefined): boolean {
    return bound === undefined || this.#compare(key, bound) < 0;
  }

  /** Whether all keys within the bounds are of the range. */
  #isWithin([from, to]: Bounds, range: Bounds): boolean {
    const isFromWithin = range[0] === undefined || (from !== undefined && this.#compare(from, range[0]) >= 0);
    const isToWithin = range[1] === undefined || (to !== undefined && this.#compare(to, range[1]) <= 0);
    return isFromWithin && isToWithin;
  }

  #valueAt(number: number, page: Buffer, node: number): Buffer {
    const length = page.readUInt16LE(node) + page.readUInt16LE(node + 2) * 0x1_0000;
    const flags = page.readUInt16LE(node + 4);
    const start = node + NODE_HEADER_BYTES + page.readUInt16LE(node + 6);
    if (flags === BIG_DATA && start + 8 <= page.length) {
      return this.#overflow(Number(page.readBigUInt64LE(start)), length);
    }
    if (flags !== 0 || start + length > page.length) throw this.#damaged(number, "a value is outside of it");
    return page.subarray(start, start + length);
  }

  #overflow(number: number, length: number): Buffer {
    const total = PAGE_HEADER_BYTES + length;
    const pages = Math.ceil(total / this.#file.pageBytes);
    if (number < FIRST_DATA_PAGE || number + pages - 1 > this.#lastPage) {
      throw this.#damaged(number, `the last page is ${this.#lastPage}`);
    }
    const bytes = this.#file.bytesFrom(number, total);
    this.#checkHeader(number, bytes, OVERFLOW);
    // A value that replaced a longer one keeps its pages.
    const held = bytes.readUInt32LE(20);
    if (held < pages || number + held - 1 > this.#lastPage) {
      throw this.#damaged(number, "its length is another");
    }
    for (let page = number; page < number + held; page += 1) this.#pages.add(page);
    return bytes.subarray(PAGE_HEADER_BYTES);
  }

  #damaged(page: number, what: string): Error {
    return damaged(`page ${page} of ${this.#file.path}`, what);
  }
}

import { FIRST_DATA_PAGE, type PageFile, type Snapshot } from "./page-file.ts";
import { damaged } from "./storage-errors.ts";
import { type Entry, TreeReader } from "./tree-reader.ts";

const NUMBER_BYTES = 8;

/**
 * Checks the list of free pages, which LMDB takes for granted too: by a wrong one
 * it ends the process, or writes new values over pages that are in use.
 *
 * The list is a tree. A key is the number of a transaction, its value 64-bit
 * numbers: how many follow, then pages. A negative number says how many pages there
 * are from the next number on; zeros stand for nothing.
 *
 * @param used - the pages of the snapshot's other tree, all of them
 * @throws DataLossError where the list is not whole, or has a page twice, or one that is in use
 */
export function checkFreePages(file: PageFile, snapshot: Snapshot, used: ReadonlySet<number>): void {
  const { freePages: root, lastPage } = snapshot;
  const list = new TreeReader(file, { root, lastPage, compareKeys: compareTransactions });
  const free = new Set<number>();
  for (const entry of list.range()) {
    for (const page of freedPages(file, entry, lastPage)) {
      if (free.has(page)) throw listDamaged(file, entry, `it has page ${page} twice`);
      if (used.has(page)) throw listDamaged(file, entry, `page ${page} is in use`);
      free.add(page);
    }
  }
  for (const page of list.pages) {
    if (free.has(page) || used.has(page)) {
      throw damaged(file.path, `page ${page} has a part of the list of free pages, and is not its own`);
    }
  }
}

/** Keys are numbers in the order of the machine's bytes. */
function compareTransactions(a: Buffer, b: Buffer): number {
  if (a.length !== NUMBER_BYTES || b.length !== NUMBER_BYTES) return a.compare(b);
  const [first, second] = [a.readBigUInt64LE(), b.readBigUInt64LE()];
  return first < second ? -1 : first > second ? 1 : 0;
}

function* freedPages(file: PageFile, entry: Entry, lastPage: number): Generator<number> {
  const { key, value } = entry;
  if (key.length !== NUMBER_BYTES || value.length < NUMBER_BYTES) {
    throw listDamaged(file, entry, "its form is another");
  }
  const count = Number(value.readBigInt64LE());
  if (count < 0 || (count + 1) * NUMBER_BYTES > value.length) {
    throw listDamaged(file, entry, `it is said to have ${count} numbers`);
  }
  let pages = 1;
  for (let n = 1; n <= count; n += 1) {
    const number = Number(value.readBigInt64LE(n * NUMBER_BYTES));
    if (number <= 0) {
      pages = Math.max(1, -number);
      continue;
    }
    if (number < FIRST_DATA_PAGE || number + pages - 1 > lastPage) {
      throw listDamaged(file, entry, `it has page ${number + pages - 1}, and the last page is ${lastPage}`);
    }
    for (let page = number; page < number + pages; page += 1) yield page;
    pages = 1;
  }
}

function listDamaged(file: PageFile, { page }: Entry, what: string): Error {
  return damaged(`the list of free pages (page ${page} of ${file.path})`, what);
}

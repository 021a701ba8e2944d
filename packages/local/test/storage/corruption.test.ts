import { copyFileSync, cpSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataLossError } from "@vectron/core";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Point } from "../../src/engine/point.ts";
import { openEngine } from "../../src/storage/open-engine.ts";
import { PageFile, type Snapshot } from "../../src/storage/page-file.ts";
import { temporaryDirectory } from "./support/directories.ts";

type Contents = ReadonlyMap<string, ReadonlyMap<string, Point>>;

async function contentsOf(path: string): Promise<Contents> {
  const engine = await openEngine({ path });
  try {
    return new Map(
      engine.collectionNames().map((name) => {
        const points = [...engine.collection(name)!.points()].map((p) => ({
          ...p,
          vector: p.vector.slice(),
        }));
        return [name, new Map(points.map((point) => [point.id, point]))];
      }),
    );
  } finally {
    await engine.close();
  }
}

function markedVector(n: number): Float32Array {
  return Float32Array.from({ length: 32 }, (_, i) => 1_000 * n + i + 0.5);
}

/** Where a vector lies in the file: pages that are free now may hold older copies. */
function placesOf(file: Buffer, vector: Float32Array): number[] {
  const bytes = Buffer.from(vector.buffer);
  const places: number[] = [];
  for (let at = file.indexOf(bytes); at >= 0; at = file.indexOf(bytes, at + 1)) places.push(at);
  expect(places).not.toEqual([]);
  return places;
}

/** Where the vector of a point lies in the file, on pages that were written once. */
function placeOf(file: Buffer, vector: Float32Array): number {
  const at = file.indexOf(Buffer.from(vector.buffer));
  expect(at).toBeGreaterThan(0);
  return at;
}

/** Where the longest entry of a list of free pages, which is on one page, has its count and its pages. */
function longestEntry(page: Buffer): { readonly countAt: number; readonly pagesAt: readonly number[] } {
  const slots = Array.from({ length: page.readUInt16LE(20) / 2 }, (_, n) => page.readUInt16LE(24 + 2 * n));
  // A node is four bytes of length, of which the first two are enough, flags, the length of its key, eight bytes of key.
  const values = slots.map((node) => ({ at: 24 + node + 16, bytes: page.readUInt16LE(24 + node) }));
  const { at, bytes } = values.reduce((a, b) => (a.bytes < b.bytes ? b : a));
  expect(bytes).toBeGreaterThan(24);
  const numbers = Array.from({ length: bytes / 8 - 1 }, (_, n) => at + 8 + 8 * n);
  return { countAt: at, pagesAt: numbers.filter((place) => page.readBigInt64LE(place) > 0n) };
}

let path: string;
let data: string;
let before: Contents;

/** A tree of several levels, with values on pages of their own and pages that are free. */
beforeEach(async () => {
  path = temporaryDirectory();
  data = join(path, "data.mdb");
  const engine = await openEngine({ path });
  const spec = { dimension: 32, metric: "euclidean", distance: "euclidean" } as const;
  for (const name of ["docs", "others"]) {
    await engine.createCollection({ name, ...spec });
    const points = Array.from({ length: 600 }, (_, i) => ({
      id: `${name} ${i}`,
      vector: markedVector(name === "docs" ? i : 1_000 + i),
      payload: { big: "x".repeat(i % 50 === 0 ? 6_000 : i % 40) },
    }));
    await engine.collection(name)!.upsert(points);
  }
  for (let i = 100; i < 200; i += 1) await engine.collection("docs")!.delete(`docs ${i}`);
  await engine.close();
  before = await contentsOf(path);
});

describe("a data file", () => {
  it("with a byte of a vector changed is refused, naming file, collection and point", async () => {
    const file = readFileSync(data);
    const places = placesOf(file, markedVector(42));
    for (const at of places) file[at + 7]! ^= 0x10;
    writeFileSync(data, file);
    const refused = openEngine({ path });
    await expect(refused).rejects.toBeInstanceOf(DataLossError);
    await expect(refused).rejects.toThrow(
      /record 42 of the collection "docs" \(page \d+ of .*data\.mdb\) is damaged/,
    );
    await expect(refused).rejects.toThrow(/its checksum is wrong; it seems to be of the point "docs 42"/);
    // Nothing is repaired behind the user's back, and the lock is free.
    await expect(openEngine({ path })).rejects.toBeInstanceOf(DataLossError);
    for (const at of places) file[at + 7]! ^= 0x10;
    writeFileSync(data, file);
    expect(await contentsOf(path)).toEqual(before);
  });

  it("with a record in another's place is refused", async () => {
    const file = readFileSync(data);
    const [a, b] = [placeOf(file, markedVector(501)), placeOf(file, markedVector(511))];
    const length = 150;
    const copy = Buffer.from(file.subarray(a - 12, a - 12 + length));
    file.copy(file, a - 12, b - 12, b - 12 + length);
    copy.copy(file, b - 12);
    writeFileSync(data, file);
    await expect(openEngine({ path })).rejects.toThrow(/record 501 of the collection "docs".*checksum/);
  });

  it("that is cut off is refused, wherever", async () => {
    const whole = join(path, "..", `${path.split("/").pop()}.whole`);
    copyFileSync(data, whole);
    const { length } = readFileSync(whole);
    for (const size of [
      0,
      1,
      4_096,
      8_191,
      8_192,
      12_288,
      length >> 1,
      (length >> 1) + 77,
      length - 4_096 * 20,
    ]) {
      copyFileSync(whole, data);
      truncateSync(data, size);
      const refused = openEngine({ path });
      await expect(refused, `cut at ${size}`).rejects.toBeInstanceOf(DataLossError);
      await expect(refused).rejects.toThrow(data);
    }
    copyFileSync(whole, data);
    expect(await contentsOf(path)).toEqual(before);
  });

  it("with a wrong list of free pages is refused: LMDB would write over pages that are in use", async () => {
    const engine = await openEngine({ path });
    const docs = engine.collection("docs")!;
    // Every page of theirs is written anew, and the old ones are free.
    await docs.upsert([...docs.points()].map((point) => ({ ...point, vector: point.vector.slice() })));
    await engine.close();
    const whole = readFileSync(data);
    const pages = PageFile.open(data);
    const [{ freePages, tree, lastPage }] = pages.snapshots() as [Snapshot];
    const { pageBytes } = pages;
    pages.close();
    const start = freePages.page! * pageBytes;
    const refused = async (change: (page: Buffer) => void, message: RegExp) => {
      const file = Buffer.from(whole);
      change(file.subarray(start, start + pageBytes));
      writeFileSync(data, file);
      const opening = openEngine({ path });
      await expect(opening).rejects.toBeInstanceOf(DataLossError);
      await expect(opening).rejects.toThrow(message);
    };
    await refused((page) => page.fill(0), /page \d+ of .*data\.mdb is damaged/);
    await refused((page) => page.fill(0, 24), /page \d+ of .*data\.mdb is damaged/);
    const list = /the list of free pages \(page \d+ of .*data\.mdb\) is damaged: /;
    const because = (reason: string) => new RegExp(`${list.source}${reason}`);
    const { countAt, pagesAt } = longestEntry(whole.subarray(start, start + pageBytes));
    const [first, second] = pagesAt as [number, number];
    const put = (number: number) => (page: Buffer) => page.writeBigInt64LE(BigInt(number), second);
    await refused(put(tree.page!), because(`page ${tree.page} is in use`));
    await refused(
      put(lastPage + 1),
      because(`it has page ${lastPage + 1}, and the last page is ${lastPage}`),
    );
    await refused((page) => page.copy(page, second, first, first + 8), because("it has page \\d+ twice"));
    await refused(put(freePages.page!), /page \d+ has a part of the list of free pages, and is not its own/);
    await refused(
      (page) => page.writeBigInt64LE(1_000n, countAt),
      because("it is said to have 1000 numbers"),
    );
    writeFileSync(data, whole);
    expect(await contentsOf(path)).toEqual(before);
  });

  it("that is said to go on far beyond its end is refused: LMDB would take new pages from there", async () => {
    const file = readFileSync(data);
    const pages = PageFile.open(data);
    for (const meta of [0, pages.pageBytes]) file.writeBigUInt64LE(2n ** 30n, meta + 144);
    pages.close();
    writeFileSync(data, file);
    await expect(openEngine({ path })).rejects.toThrow(
      /data\.mdb is damaged: its last page is said to be 1073741824/,
    );
  });

  it("with any byte changed is refused, or serves what was written", async () => {
    const whole = readFileSync(data);
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const copy = temporaryDirectory();
        cpSync(path, copy, { recursive: true });
        const file = Buffer.from(whole);
        file[at]! ^= change;
        writeFileSync(join(copy, "data.mdb"), file);
        const found = await contentsOf(copy).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DataLossError);
          refusals += 1;
        });
        if (found !== undefined) expect(found).toEqual(before);
      }),
      { numRuns: 120 },
    );
    expect(refusals).toBeGreaterThan(10);
  });
});

import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import type { CollectionSpec } from "../engine/store.ts";
import { checkPoints, checkPointsFinite } from "../service/checks.ts";
import { alreadyExists } from "../service/failures.ts";
import { BINARY_MAGIC, readBinaryExport } from "./binary-export.ts";
import { ByteSource } from "./byte-source.ts";
import { damagedExport, truncatedExport } from "./export-errors.ts";
import type { ExportPart } from "./export-format.ts";
import { readJsonlExport } from "./jsonl-export.ts";

/** What an import has brought. */
export interface ImportedCollection {
  readonly name: string;
  readonly points: number;
}

/**
 * Makes a collection of an export of either format. It is there when all of it
 * has been read and found whole, and not before.
 *
 * @param name - what to call it. Default: what the export calls it
 */
export async function importCollection(
  engine: Engine,
  pieces: AsyncIterable<Uint8Array>,
  name: string | undefined,
): Promise<ImportedCollection> {
  const source = new ByteSource(pieces);
  try {
    const parts = await openExport(source);
    const spec = await readHead(parts, source);
    const named = { ...spec, name: name ?? spec.name };
    let points = 0;
    const isNew = await engine.fillCollection(named, async (collection) => {
      points = await fill(collection, parts, source);
    });
    if (!isNew) throw alreadyExists(named.name);
    return { name: named.name, points };
  } finally {
    await source.close();
  }
}

async function openExport(source: ByteSource): Promise<AsyncGenerator<ExportPart>> {
  const first = await source.peek(BINARY_MAGIC.length);
  if (first.length === 0) throw truncatedExport(0);
  if (!BINARY_MAGIC.every((byte, n) => first[n] === byte)) return readJsonlExport(source);
  await source.take(BINARY_MAGIC.length);
  return readBinaryExport(source);
}

async function readHead(parts: AsyncGenerator<ExportPart>, source: ByteSource): Promise<CollectionSpec> {
  const { value, done } = await parts.next();
  if (done === true) throw truncatedExport(source.position);
  if (value.kind !== "head") throw damagedExport("it has no head");
  return value.spec;
}

async function fill(
  collection: Collection,
  parts: AsyncGenerator<ExportPart>,
  source: ByteSource,
): Promise<number> {
  let count = 0;
  let isWhole = false;
  for await (const part of parts) {
    if (part.kind === "head") throw damagedExport("it has two heads");
    if (part.kind === "end") isWhole = true;
    if (part.kind !== "points" || part.points.length === 0) continue;
    checkPoints(part.points);
    checkPointsFinite(part.points);
    await collection.upsert(part.points);
    count += part.points.length;
  }
  if (!isWhole) throw truncatedExport(source.position);
  if ((await source.peek(1)).length > 0) throw damagedExport("it goes on after its end");
  if (collection.size !== count)
    throw damagedExport(`${count - collection.size} of its points have the id of another`);
  return count;
}

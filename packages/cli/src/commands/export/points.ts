import type { Point, VectronClient } from "@vectron/core";
import type { EmbeddedClient } from "@vectron/local";
import { splitLines } from "../../readers/lines.ts";
import type { RowIds } from "../../readers/row-ids.ts";

const GROUP_POINTS = 256;
const SHOWN_IDS = 10;

/** Ids that were asked for and do not exist. */
export class MissingIds {
  total = 0;
  readonly first: string[] = [];

  add(id: string): void {
    this.total += 1;
    if (this.first.length < SHOWN_IDS) this.first.push(id);
  }
}

/** Every point of a collection of an embedded engine, as they were at one moment. */
export async function* allPoints(
  client: EmbeddedClient,
  collection: string,
): AsyncGenerator<readonly Point[]> {
  const bytes = client.engine.exportCollection(collection, { format: "jsonl" });
  for await (const { lines } of splitLines(asBuffers(bytes))) {
    const points: Point[] = [];
    for (const line of lines) {
      const value = JSON.parse(line.toString("utf8"));
      // The first and the last line are about the export.
      if ("vectron" in value) continue;
      points.push({ ...value, vector: Float32Array.from(value.vector) });
    }
    if (points.length > 0) yield points;
  }
}

async function* asBuffers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

interface Reading {
  readonly client: VectronClient;
  readonly collection: string;
  readonly concurrency: number;
  readonly missing: MissingIds;
}

/** The points of some ids, in their order. */
export async function* pointsOf(
  { client, collection, concurrency, missing }: Reading,
  ids: RowIds,
): AsyncGenerator<readonly Point[]> {
  try {
    for (let group = await takeIds(ids); group.length > 0; group = await takeIds(ids)) {
      const found = await client.getMany(collection, group, { concurrency });
      found.forEach((point, i) => {
        if (point === undefined) missing.add(group[i] as string);
      });
      yield found.filter((point) => point !== undefined);
    }
  } finally {
    await ids.close();
  }
}

async function takeIds(ids: RowIds): Promise<string[]> {
  const group: string[] = [];
  while (group.length < GROUP_POINTS) {
    const id = await ids.next();
    if (id === undefined) break;
    // An empty line is the end of the one before it, and not an id.
    if (id !== "") group.push(id);
  }
  return group;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { type EmbeddedClient, type OpenOptions, openVectron } from "../../src/index.ts";
import { clusteredVectors } from "../scan/data.ts";

export const DIMENSION = 24;

const clients = new Set<EmbeddedClient>();
const directories = new Set<string>();

/** Closes the clients and removes the directories of each test. */
export function cleanUp(): void {
  afterEach(async () => {
    for (const client of clients) await client.close();
    clients.clear();
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    directories.clear();
  });
}

export async function open(options: OpenOptions = {}): Promise<EmbeddedClient> {
  const client = await openVectron(options);
  clients.add(client);
  return client;
}

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "vectron-graph-"));
  directories.add(directory);
  return directory;
}

/** Points `p0`, `p1` and so on, around 20 centres. */
export function points(count: number, seed: number, first = 0) {
  return clusteredVectors(count, DIMENSION, seed).map((vector, n) => ({ id: `p${first + n}`, vector }));
}

/** The part of the exact hits that searches of the index find. */
export async function recall(client: EmbeddedClient, collection: string, queries: readonly Float32Array[]) {
  let hits = 0;
  let all = 0;
  for (const vector of queries) {
    const exact = await client.engine.searchExact(collection, { vector });
    const found = await client.search(collection, { vector });
    const ids = new Set(found.map(({ id }) => id));
    hits += exact.filter(({ id }) => ids.has(id)).length;
    all += exact.length;
  }
  return hits / all;
}

import type { Collection, CollectionConfig, PointInput, SearchResult, VectronClient } from "@vectron/core";
import type { CaseContext } from "../conformance-case.ts";

/** What a new collection is, where it is not what `emptyCollection` makes of nothing. */
export interface CollectionShape extends Partial<Omit<CollectionConfig, "name">> {
  /** Who creates it and works with it. Default: the client that all cases share. */
  readonly client?: VectronClient;
}

/** A new, empty collection, ready for use: two dimensions and squared L2, unless `shape` says otherwise. */
export async function emptyCollection(
  context: CaseContext,
  shape: CollectionShape = {},
): Promise<Collection> {
  const { client = context.client, ...config } = shape;
  const name = context.collectionName();
  await client.createCollection({ name, dimension: 2, ...config });
  return client.collection(name);
}

/** A new collection that holds the points. Searches may not see them yet. */
export async function filledCollection(
  context: CaseContext,
  points: readonly PointInput[],
  shape: CollectionShape = {},
): Promise<Collection> {
  const collection = await emptyCollection(context, { dimension: points[0]?.vector.length ?? 2, ...shape });
  await collection.upsert(points);
  return collection;
}

/** Points `p0`, `p1`, … on a line: point `n` lies at (n, 0). */
export function pointsOnLine(count: number): PointInput[] {
  return Array.from({ length: count }, (_, index) => ({ id: `p${index}`, vector: [index, 0] }));
}

/** The ids of results, in their order. */
export function idsOf(results: readonly SearchResult<unknown>[]): string[] {
  return results.map(({ id }) => id);
}

/** Every snapshot of a stream. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** `count` items, each made from its index. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/**
 * Points that take some 4 MB on the wire: more than a socket takes in one go, so
 * that a call that writes them is still under way when the event loop turns.
 */
export function largeBatch(): { readonly points: readonly PointInput[]; readonly dimension: number } {
  const dimension = 256;
  const vector = new Float32Array(dimension).fill(0.5);
  return { points: times(4_000, (index) => ({ id: `p${index}`, vector })), dimension };
}

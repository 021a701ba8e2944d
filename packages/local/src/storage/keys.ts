/**
 * Keys of the file, big-endian so that their bytes sort as their numbers:
 *
 *     0, u32 collection               the collection's spec
 *     1, u32 collection, u48 record   a point
 *     2, u32 collection               the points of this number are to be removed
 *
 * A point is found by a number, not by its id: ids can be longer than a key may
 * be, and points that come one after another then lie one after another.
 */
const SPEC = 0;
const POINT = 1;
const SWEEP = 2;

const POINT_KEY_BYTES = 11;

export function specKey(collection: number): Buffer {
  return collectionKey(SPEC, collection);
}

export function sweepKey(collection: number): Buffer {
  return collectionKey(SWEEP, collection);
}

export function pointKey(collection: number, record: number): Buffer {
  const key = Buffer.allocUnsafe(POINT_KEY_BYTES);
  key[0] = POINT;
  key.writeUInt32BE(collection, 1);
  key.writeUIntBE(record, 5, 6);
  return key;
}

/** The keys of a kind: from the first, to before the second. */
export type KeyRange = readonly [from: Buffer, to: Buffer];

export const SPEC_KEYS: KeyRange = [Buffer.of(SPEC), Buffer.of(POINT)];
export const SWEEP_KEYS: KeyRange = [Buffer.of(SWEEP), Buffer.of(SWEEP + 1)];

export function pointKeys(collection: number): KeyRange {
  const after = collection === 0xffff_ffff ? Buffer.of(SWEEP) : collectionKey(POINT, collection + 1);
  return [collectionKey(POINT, collection), after];
}

/** The number of the collection that a key of any kind is about. */
export function collectionOf(key: Buffer): number {
  return key.readUInt32BE(1);
}

/** The record number of a point's key. */
export function recordOf(key: Buffer): number {
  return key.readUIntBE(5, 6);
}

function collectionKey(kind: number, collection: number): Buffer {
  const key = Buffer.allocUnsafe(5);
  key[0] = kind;
  key.writeUInt32BE(collection, 1);
  return key;
}

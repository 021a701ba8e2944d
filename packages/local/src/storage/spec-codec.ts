import { METRICS } from "../engine/metric.ts";
import type { CollectionSpec } from "../engine/store.ts";
import { SEAL_BYTES, seal, unseal } from "./seal.ts";
import { damaged } from "./storage-errors.ts";
import type { Entry } from "./tree-reader.ts";

export function encodeSpec(key: Buffer, spec: CollectionSpec): Uint8Array {
  const { name, dimension, metric, distance, index } = spec;
  const text = Buffer.from(JSON.stringify({ name, dimension, metric, distance, index }));
  const value = new Uint8Array(SEAL_BYTES + text.length);
  value.set(text, SEAL_BYTES);
  seal(key, value);
  return value;
}

/** @throws DataLossError naming the page and, as far as it can be read, the collection */
export function decodeSpec({ key, value, page }: Entry, path: string): CollectionSpec {
  const where = `the description of a collection (page ${page} of ${path})`;
  const bytes = unseal(key, value);
  if (bytes === undefined) {
    const text = Buffer.from(value.subarray(SEAL_BYTES)).toString();
    throw damaged(where, `its checksum is wrong; it reads ${text}`);
  }
  const spec = JSON.parse(Buffer.from(bytes).toString()) as CollectionSpec;
  if (METRICS.includes(spec.metric)) return spec;
  throw damaged(where, `its metric is ${JSON.stringify(spec.metric)}`);
}

/** The value of a key that says all by being there. */
export function emptyValue(key: Buffer): Uint8Array {
  const value = new Uint8Array(SEAL_BYTES);
  seal(key, value);
  return value;
}

import { crc32 } from "node:zlib";
import { crc32 as shortCrc32 } from "../backup/crc32.ts";

/** Bytes of the checksum that every value begins with. */
export const SEAL_BYTES = 4;

/**
 * Writes the checksum of `value` and of the key that it is for to its first four
 * bytes. The key counts so that a value in another's place is found out.
 */
export function seal(key: Uint8Array, value: Uint8Array): void {
  viewOf(value).setUint32(0, checksum(key, value), true);
}

/** What the value holds after its checksum; undefined when the checksum is wrong. */
export function unseal(key: Uint8Array, value: Uint8Array): Uint8Array | undefined {
  if (value.length < SEAL_BYTES || viewOf(value).getUint32(0, true) !== checksum(key, value))
    return undefined;
  return value.subarray(SEAL_BYTES);
}

function checksum(key: Uint8Array, value: Uint8Array): number {
  // A call of the native one costs more than it saves on the few bytes of a key.
  return crc32(value.subarray(SEAL_BYTES), shortCrc32(key));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import { LITTLE_ENDIAN } from "./endianness.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** The vector of a message that has none. An array of no elements cannot be changed, so one serves all. */
export const NO_FLOATS: Float32Array<ArrayBuffer> = /* @__PURE__ */ new Float32Array(0);

// Up to 64 bytes, V8 keeps an array's elements inside the object and has to
// move them out before they can be seen as bytes, which costs more than a loop.
const MAX_LOOP = 16;

/** Whether `count` floats are copied as one block of bytes rather than one by one. */
function isBlock(count: number): boolean {
  return LITTLE_ENDIAN && count > MAX_LOOP;
}

/** Writes floats, without a length. */
export function writeFloatData(w: Writer, vector: Float32Array): void {
  w.pos -= vector.length * 4;
  if (isBlock(vector.length)) w.bytes.set(bytesOf(vector), w.pos);
  else putFloats(w.view, w.pos, vector);
}

/** Fills a vector with the floats that start at `pos`. */
export function readFloatData(r: Reader, pos: number, vector: Float32Array): void {
  if (isBlock(vector.length)) bytesOf(vector).set(r.bytes.subarray(pos, pos + vector.byteLength));
  else getFloats(r.view, pos, vector);
}

/** Writes floats one by one, on hosts of any byte order. */
export function putFloats(target: DataView, pos: number, vector: Float32Array): void {
  for (let i = 0; i < vector.length; i++) target.setFloat32(pos + i * 4, vector[i]!, true);
}

/** Reads floats one by one, on hosts of any byte order. */
export function getFloats(source: DataView, pos: number, vector: Float32Array): void {
  for (let i = 0; i < vector.length; i++) vector[i] = source.getFloat32(pos + i * 4, true);
}

/**
 * A vector that starts with the floats of another and has room for `count`
 * more. Room is added in doubling steps, so that a vector that arrives in many
 * small pieces still takes linear time; its buffer can then be larger than it.
 */
export function extendFloats(vector: Float32Array, count: number): Float32Array {
  const length = vector.length + count;
  if (vector.length > 0 && vector.byteOffset === 0 && vector.buffer.byteLength >= length * 4) {
    return new Float32Array(vector.buffer, 0, length);
  }
  const capacity = vector.length === 0 ? length : length * 2;
  const extended = new Float32Array(new ArrayBuffer(capacity * 4), 0, length);
  extended.set(vector);
  return extended;
}

function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

import { LITTLE_ENDIAN } from "./endianness.ts";
import type { Reader } from "./reader.ts";
import { viewOf } from "./view-of.ts";
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

/** Writes floats, without a length. Of a block, only the place is taken: `copyVectors` fills it. */
export function writeFloatData(w: Writer, vector: Float32Array): void {
  w.pos -= vector.length * 4;
  if (isBlock(vector.length)) w.blocks.push({ vector, pos: w.pos });
  else putFloats(viewOf(w), w.pos, vector);
}

/**
 * Copies the vectors whose places were taken. In ascending order, unlike all else:
 * processors fetch ahead of an ascending copy, which takes a quarter less time
 * for many vectors that no cache holds.
 */
export function copyVectors({ bytes, blocks }: Writer): void {
  for (const { vector, pos } of blocks.reverse()) {
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), pos);
  }
}

/** A new vector of the `count` floats that start at `pos`. */
export function readFloatData(r: Reader, pos: number, count: number): Float32Array {
  // A slice, unlike a new array, is not filled with zeros first.
  if (isBlock(count)) return new Float32Array(r.bytes.slice(pos, pos + count * 4).buffer);
  const vector = new Float32Array(count);
  getFloats(viewOf(r), pos, vector);
  return vector;
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
 * A vector of the floats of two. Room is added in doubling steps, so that a
 * vector that arrives in many small pieces still takes linear time; its buffer
 * can then be larger than it.
 */
export function appendFloats(vector: Float32Array, added: Float32Array): Float32Array {
  if (vector.length === 0) return added;
  const appended = withRoom(vector, vector.length + added.length);
  appended.set(added, vector.length);
  return appended;
}

/** A vector of `length` that starts with another: in the same memory where that has room. */
function withRoom(vector: Float32Array, length: number): Float32Array {
  if (vector.byteOffset === 0 && vector.buffer.byteLength >= length * 4) {
    return new Float32Array(vector.buffer, 0, length);
  }
  const roomy = new Float32Array(new ArrayBuffer(length * 8), 0, length);
  roomy.set(vector);
  return roomy;
}

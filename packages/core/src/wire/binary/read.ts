import { DecodeError } from "../decode-error.ts";
import { appendFloats, readFloatData } from "./floats.ts";
import { formatInt64 } from "./int64.ts";
import { enter, overlong, type Reader, readTag, readVarint, skipField, take } from "./reader.ts";
import { decodeUtf8 } from "./text.ts";
import { viewOf } from "./view-of.ts";

// The values of fields; the tag has been read.

export function readString(r: Reader): string {
  const length = readVarint(r);
  const start = take(r, length);
  return decodeUtf8(r.bytes, start, start + length);
}

export function readBool(r: Reader): boolean {
  let bits = 0;
  for (let size = 0; size < 10; size++) {
    const byte = r.bytes[take(r, 1)]!;
    // Of a tenth byte, only the lowest bit is part of the value.
    bits |= byte & (size === 9 ? 0x01 : 0x7f);
    if (byte < 0x80) return bits !== 0;
  }
  throw overlong();
}

export function readInt32(r: Reader): number {
  return readVarint(r) | 0;
}

export function readUint32(r: Reader): number {
  return readVarint(r);
}

export function readFloat(r: Reader): number {
  return viewOf(r).getFloat32(take(r, 4), true);
}

export function readInt64(r: Reader): string {
  return readDecimal(r, true);
}

export function readUint64(r: Reader): string {
  return readDecimal(r, false);
}

function readDecimal(r: Reader, signed: boolean): string {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = r.bytes[take(r, 1)]!;
    const bits = byte & 0x7f;
    if (shift < 32) low |= bits << shift;
    if (shift >= 32) high |= bits << (shift - 32);
    else if (shift > 25) high |= bits >> (32 - shift);
    if (byte < 0x80) return formatInt64(low >>> 0, high >>> 0, signed);
  }
  throw overlong();
}

/** Appends the values of a packed field. */
export function readPackedUint64s(r: Reader, values: string[]): void {
  const outer = enter(r);
  while (r.pos < r.limit) values.push(readUint64(r));
  r.limit = outer;
}

/** Returns a vector with the floats of a packed field appended. */
export function readPackedFloats(r: Reader, vector: Float32Array): Float32Array {
  const length = readVarint(r);
  if (length % 4 !== 0) throw new DecodeError("the length of packed floats is no multiple of 4");
  return readFloats(r, vector, length / 4);
}

/** Returns a vector with one float that is not packed appended. */
export function readFloatItem(r: Reader, vector: Float32Array): Float32Array {
  return readFloats(r, vector, 1);
}

function readFloats(r: Reader, vector: Float32Array, count: number): Float32Array {
  const start = take(r, count * 4);
  return count === 0 ? vector : appendFloats(vector, readFloatData(r, start, count));
}

/** Reads one entry of a map into it. */
export function readStringEntry(r: Reader, map: Record<string, string>): void {
  const outer = enter(r);
  let key = "";
  let value = "";
  while (r.pos < r.limit) {
    const tag = readTag(r);
    if (tag === 10) key = readString(r);
    else if (tag === 18) value = readString(r);
    else skipField(r, tag);
  }
  r.limit = outer;
  setOwn(map, key, value);
}

/** Sets an own property, whatever its name: assigning to `__proto__` would set the prototype. */
function setOwn(map: Record<string, string>, key: string, value: string): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    map[key] = value;
  }
}

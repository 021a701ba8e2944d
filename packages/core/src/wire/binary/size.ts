import { parseInt64 } from "./int64.ts";
import { sizeText } from "./text.ts";
import { sizeVarint } from "./writer.ts";

// The sizes of fields, tag included. A field with its type's zero value is not
// written and has no size. Integers are checked here, since every message is
// measured before it is written.

const MAX_INT32 = 0x7fffffff;
const MAX_UINT32 = 0xffffffff;

/** The size of a field whose content, without a length, is `length` bytes. */
export function sizeDelimited(tag: number, length: number): number {
  return sizeVarint(tag) + sizeVarint(length) + length;
}

export function sizeString(tag: number, value: string): number {
  return value === "" ? 0 : sizeVarint(tag) + sizeText(value);
}

export function sizeBool(tag: number, value: boolean): number {
  return value ? sizeVarint(tag) + 1 : 0;
}

/** @throws RangeError naming the field */
export function sizeInt32(tag: number, value: number, field: string): number {
  if (!Number.isInteger(value) || value > MAX_INT32 || value < -MAX_INT32 - 1) {
    throw new RangeError(`${field}: ${value} is not an int32`);
  }
  if (value === 0) return 0;
  return sizeVarint(tag) + (value < 0 ? 10 : sizeVarint(value));
}

/** @throws RangeError naming the field */
export function sizeUint32(tag: number, value: number, field: string): number {
  if (!Number.isInteger(value) || value > MAX_UINT32 || value < 0) {
    throw new RangeError(`${field}: ${value} is not a uint32`);
  }
  return value === 0 ? 0 : sizeVarint(tag) + sizeVarint(value);
}

/** @throws RangeError naming the field */
export function sizeFloat(tag: number, value: number, field: string): number {
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new RangeError(`${field}: ${value} is not a float32`);
  }
  // -0 is not the zero value.
  return Object.is(value, 0) ? 0 : sizeVarint(tag) + 4;
}

/** @throws RangeError naming the field */
export function sizeInt64(tag: number, value: string, field: string): number {
  return sizeBits(tag, parseInt64(value, field, true));
}

/** @throws RangeError naming the field */
export function sizeUint64(tag: number, value: string, field: string): number {
  return sizeBits(tag, parseInt64(value, field, false));
}

function sizeBits(tag: number, bits: bigint): number {
  return bits === 0n ? 0 : sizeVarint(tag) + sizeVarint64(bits);
}

function sizeVarint64(bits: bigint): number {
  let size = 1;
  for (let rest = bits >> 7n; rest > 0n; rest >>= 7n) size++;
  return size;
}

export function sizeStrings(tag: number, values: readonly string[]): number {
  let size = 0;
  for (const value of values) size += sizeVarint(tag) + sizeText(value);
  return size;
}

/** @throws RangeError naming the field */
export function sizeUint64s(tag: number, values: readonly string[], field: string): number {
  if (values.length === 0) return 0;
  let length = 0;
  for (const value of values) length += sizeVarint64(parseInt64(value, field, false));
  return sizeDelimited(tag, length);
}

export function sizeFloats(tag: number, values: Float32Array): number {
  return values.length === 0 ? 0 : sizeDelimited(tag, values.length * 4);
}

export function sizeStringMap(tag: number, map: Readonly<Record<string, string>>): number {
  let size = 0;
  for (const key of Object.keys(map)) size += sizeDelimited(tag, 2 + sizeText(key) + sizeText(map[key]!));
  return size;
}

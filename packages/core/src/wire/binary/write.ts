import { writeFloatData } from "./floats.ts";
import { writeText } from "./text.ts";
import { viewOf } from "./view-of.ts";
import { type Writer, writeHead, writeVarint } from "./writer.ts";

// Fields, tag included. What `size.ts` counts as nothing is not written.

/** The tags of the key and the value of a map's entry, both strings. */
const KEY_TAG = 10;
const VALUE_TAG = 18;

export function writeString(w: Writer, tag: number, value: string): void {
  if (value === "") return;
  writeText(w, value);
  writeVarint(w, tag);
}

export function writeBool(w: Writer, tag: number, value: boolean): void {
  if (!value) return;
  w.bytes[--w.pos] = 1;
  writeVarint(w, tag);
}

export function writeInt32(w: Writer, tag: number, value: number): void {
  if (value === 0) return;
  if (value > 0) writeVarint(w, value);
  else writeVarint64(w, BigInt.asUintN(64, BigInt(value)));
  writeVarint(w, tag);
}

export function writeUint32(w: Writer, tag: number, value: number): void {
  if (value === 0) return;
  writeVarint(w, value);
  writeVarint(w, tag);
}

export function writeFloat(w: Writer, tag: number, value: number): void {
  if (Object.is(value, 0)) return;
  w.pos -= 4;
  viewOf(w).setFloat32(w.pos, value, true);
  writeVarint(w, tag);
}

/** Writes an int64 or uint64, given in decimal. */
export function writeInt64(w: Writer, tag: number, value: string): void {
  const bits = BigInt.asUintN(64, BigInt(value));
  if (bits === 0n) return;
  writeVarint64(w, bits);
  writeVarint(w, tag);
}

function writeVarint64(w: Writer, bits: bigint): void {
  const septets: number[] = [];
  for (let rest = bits; septets.length === 0 || rest > 0n; rest >>= 7n) {
    septets.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
  }
  w.pos -= septets.length;
  w.bytes.set(septets, w.pos);
}

export function writeStrings(w: Writer, tag: number, values: readonly string[]): void {
  for (let i = values.length - 1; i >= 0; i--) {
    writeText(w, values[i]!);
    writeVarint(w, tag);
  }
}

export function writeUint64s(w: Writer, tag: number, values: readonly string[]): void {
  if (values.length === 0) return;
  const end = w.pos;
  for (let i = values.length - 1; i >= 0; i--) writeVarint64(w, BigInt(values[i]!));
  writeHead(w, tag, end);
}

export function writeFloats(w: Writer, tag: number, values: Float32Array): void {
  if (values.length === 0) return;
  const end = w.pos;
  writeFloatData(w, values);
  writeHead(w, tag, end);
}

export function writeStringMap(w: Writer, tag: number, map: Readonly<Record<string, string>>): void {
  const keys = Object.keys(map);
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!;
    const end = w.pos;
    writeText(w, map[key]!);
    writeVarint(w, VALUE_TAG);
    writeText(w, key);
    writeVarint(w, KEY_TAG);
    writeHead(w, tag, end);
  }
}

import type { Payload, Point } from "./point.ts";

/**
 * One point as bytes, little-endian:
 *
 *     u32       bytes of the id
 *     u32       entries of the payload
 *     f32 * d   the vector
 *     bytes     the id
 *     entries   u32 bytes of the key, the key, u32 bytes of the value, the value
 *
 * Strings are UTF-8. The dimension `d` is the collection's and not repeated.
 */
const HEAD_BYTES = 8;
/** The most bytes that UTF-8 takes for one UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The most bytes that `encodePoint` can write; the exact number would cost as much as the encoding. */
export function maxPointBytes({ id, vector, payload }: Point): number {
  let bytes = HEAD_BYTES + vector.byteLength + id.length * MAX_BYTES_PER_UNIT;
  for (const key in payload) bytes += 8 + (key.length + payload[key]!.length) * MAX_BYTES_PER_UNIT;
  return bytes;
}

/** Writes a point to the start of `target`, which has room for it, and returns how many bytes it took. */
export function encodePoint(point: Point, target: Uint8Array): number {
  const { id, vector, payload } = point;
  const view = viewOf(target);
  target.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), HEAD_BYTES);
  let offset = HEAD_BYTES + vector.byteLength;
  const idBytes = encodeText(id, target, offset);
  offset += idBytes;
  let entries = 0;
  for (const key in payload) {
    entries += 1;
    for (const text of [key, payload[key]!]) {
      const bytes = encodeText(text, target, offset + 4);
      view.setUint32(offset, bytes, true);
      offset += 4 + bytes;
    }
  }
  view.setUint32(0, idBytes, true);
  view.setUint32(4, entries, true);
  return offset;
}

/**
 * The point that `bytes` hold, all of them. Its vector is `vector`, which is
 * overwritten and has the collection's dimension.
 *
 * @throws RangeError or TypeError when they do not hold a point of this dimension
 */
export function decodePoint(bytes: Uint8Array, vector: Float32Array): Point {
  const view = viewOf(bytes);
  const idBytes = view.getUint32(0, true);
  const entries = view.getUint32(4, true);
  const vectorEnd = HEAD_BYTES + vector.byteLength;
  const vectorBytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  vectorBytes.set(takeBytes(bytes, HEAD_BYTES, vectorEnd));
  const id = decodeText(bytes, vectorEnd, idBytes);
  const payload: Record<string, string> = {};
  let offset = vectorEnd + idBytes;
  const nextText = () => {
    const length = view.getUint32(offset, true);
    const text = decodeText(bytes, offset + 4, length);
    offset += 4 + length;
    return text;
  };
  for (let n = 0; n < entries; n += 1) setEntry(payload, nextText(), nextText());
  if (offset !== bytes.length) throw new RangeError(`${bytes.length - offset} bytes too many`);
  return { id, vector, payload: payload as Payload };
}

/** Assignment would take the key `__proto__` for something else. */
function setEntry(payload: Record<string, string>, key: string, value: string): void {
  if (key !== "__proto__") payload[key] = value;
  else Object.defineProperty(payload, key, { value, enumerable: true, configurable: true, writable: true });
}

function encodeText(text: string, target: Uint8Array, offset: number): number {
  return encoder.encodeInto(text, target.subarray(offset)).written;
}

function decodeText(bytes: Uint8Array, offset: number, length: number): string {
  return decoder.decode(takeBytes(bytes, offset, offset + length));
}

function takeBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (end > bytes.length) throw new RangeError(`${end - bytes.length} bytes too few`);
  return bytes.subarray(start, end);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

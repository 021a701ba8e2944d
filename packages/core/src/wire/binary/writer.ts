/**
 * The state of an encoder: a buffer of exactly the message's size, filled from
 * its end to its start. A length comes before what it counts, so writing
 * backwards makes it known when it is needed, without measuring every nested
 * message a second time. Fields are written in descending order and come out
 * ascending.
 */
export interface Writer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the part that is already written starts. */
  pos: number;
  /** See `viewOf`. */
  view: DataView | undefined;
  /** What `copyVectors` is yet to copy to its place, the last one in the message first. */
  readonly blocks: { readonly vector: Float32Array; readonly pos: number }[];
}

/**
 * A writer at the end of its buffer. A literal and no class: V8 forgets a class's
 * shape, and all machine code made for it, in each full collection that finds no
 * instance, and the encoders would start over in the interpreter. A literal's
 * shape stays with the function that makes it.
 *
 * @param bytes - to be filled: of exactly the message's size, whatever is in them
 */
export function writerOf(bytes: Uint8Array<ArrayBuffer>): Writer {
  return { bytes, pos: bytes.byteLength, view: undefined, blocks: [] };
}

/** How many bytes an unsigned 32-bit varint takes. */
export function sizeVarint(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** Writes an unsigned 32-bit varint. */
export function writeVarint(w: Writer, value: number): void {
  if (value < 0x80) {
    w.bytes[--w.pos] = value;
    return;
  }
  w.pos -= sizeVarint(value);
  let at = w.pos;
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) w.bytes[at++] = (rest & 0x7f) | 0x80;
  w.bytes[at] = rest;
}

/** Writes the tag and length of what has been written since the position was `end`. */
export function writeHead(w: Writer, tag: number, end: number): void {
  writeVarint(w, end - w.pos);
  writeVarint(w, tag);
}

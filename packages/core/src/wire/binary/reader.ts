import { DecodeError } from "../decode-error.ts";

/** How deep groups and messages may be nested, as in protobuf-es and Go. */
const MAX_DEPTH = 100;

const WIRE_VARINT = 0;
const WIRE_64_BIT = 1;
const WIRE_LENGTH = 2;
const WIRE_START_GROUP = 3;
const WIRE_END_GROUP = 4;
const WIRE_32_BIT = 5;

/** The state of a decoder. Nothing is ever read at or beyond `limit`. */
export interface Reader {
  readonly bytes: Uint8Array;
  pos: number;
  /** The end of the message that is being read. */
  limit: number;
  /** How many messages are open. */
  depth: number;
  /** See `viewOf`. */
  view: DataView | undefined;
}

/** A reader at the start of a message. A literal for the reason that a writer is one. */
export function readerOf(bytes: Uint8Array): Reader {
  return {
    // A Node Buffer's slice and subarray make Buffers; a plain view of the same bytes does not.
    bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    pos: 0,
    limit: bytes.byteLength,
    depth: 1,
    view: undefined,
  };
}

/** How one type of message is read. */
export interface MessageDecoder<T> {
  /** A message in which every field has its zero value. */
  readonly empty: () => T;
  /**
   * Merges the fields up to the reader's limit into a message. A method, so that
   * decoders of any message can be kept in one table: it is only ever given what
   * `empty` has made.
   */
  read(r: Reader, message: T): void;
}

/**
 * Decodes a message. Unknown fields are skipped.
 *
 * @throws DecodeError if the bytes are not an encoding of this message
 */
export function decode<T>(decoder: MessageDecoder<T>, bytes: Uint8Array): T {
  const message = decoder.empty();
  decoder.read(readerOf(bytes), message);
  return message;
}

/** Moves past `length` bytes and returns where they start. */
export function take(r: Reader, length: number): number {
  const start = r.pos;
  if (length > r.limit - start) throw new DecodeError("the message is truncated");
  r.pos = start + length;
  return start;
}

/** Reads a varint of at most 10 bytes and keeps its low 32 bits, unsigned. */
export function readVarint(r: Reader): number {
  if (r.pos < r.limit) {
    const byte = r.bytes[r.pos]!;
    if (byte < 0x80) {
      r.pos++;
      return byte;
    }
  }
  return readLongVarint(r);
}

function readLongVarint(r: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = r.bytes[take(r, 1)]!;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value >>> 0;
  }
  throw overlong();
}

export function overlong(): DecodeError {
  return new DecodeError("a varint is longer than 10 bytes");
}

/** Reads a field's tag: its number times 8, plus its wire type. */
export function readTag(r: Reader): number {
  const start = r.pos;
  const tag = readVarint(r);
  const size = r.pos - start;
  const overflows = size > 5 || (size === 5 && r.bytes[r.pos - 1]! > 0x0f);
  if (overflows || tag < 8 || (tag & 7) > WIRE_32_BIT) throw new DecodeError("a tag is illegal");
  return tag;
}

/** Narrows the reader to a length-delimited field and returns the limit to restore after it. */
export function enter(r: Reader): number {
  const outer = r.limit;
  const length = readVarint(r);
  r.limit = take(r, length) + length;
  r.pos -= length;
  return outer;
}

/** Merges a nested message's fields into `message` and returns it. */
export function readNested<T>(r: Reader, read: (r: Reader, message: T) => void, message: T): T {
  const outer = enter(r);
  r.depth++;
  read(r, message);
  r.depth--;
  r.limit = outer;
  return message;
}

/** Skips a field that the message does not have, or has with another wire type. */
export function skipField(r: Reader, tag: number): void {
  skip(r, tag, MAX_DEPTH - r.depth);
}

function skip(r: Reader, tag: number, depth: number): void {
  switch (tag & 7) {
    case WIRE_VARINT:
      readVarint(r);
      return;
    case WIRE_64_BIT:
      take(r, 8);
      return;
    case WIRE_LENGTH:
      take(r, readVarint(r));
      return;
    case WIRE_START_GROUP:
      skipGroup(r, tag, depth);
      return;
    case WIRE_32_BIT:
      take(r, 4);
      return;
    default:
      throw new DecodeError("a group ends that was not started");
  }
}

function skipGroup(r: Reader, tag: number, depth: number): void {
  if (depth <= 0) throw new DecodeError(`groups are nested deeper than ${MAX_DEPTH}`);
  for (;;) {
    const inner = readTag(r);
    if ((inner & 7) === WIRE_END_GROUP) {
      if (inner >>> 3 === tag >>> 3) return;
      throw new DecodeError("a group ends that was not started");
    }
    skip(r, inner, depth - 1);
  }
}

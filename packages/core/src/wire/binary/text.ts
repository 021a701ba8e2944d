import { webGlobals } from "../../runtime/web-globals.ts";
import { DecodeError } from "../decode-error.ts";
import { sizeVarint, type Writer, writeVarint } from "./writer.ts";

// Below these lengths a loop over ASCII beats the call into the platform's
// encoder or decoder, which costs the same for one character as for fifty
// (measured on V8).
const MAX_LOOP_ENCODE = 24;
const MAX_LOOP_DECODE = 24;

type Encoder = InstanceType<typeof webGlobals.TextEncoder>;
type Decoder = InstanceType<typeof webGlobals.TextDecoder>;

let encoder: Encoder | undefined;
let decoder: Decoder | undefined;
let scratch: Uint8Array | undefined;

/** How many bytes a string takes in UTF-8; a lone surrogate counts as the U+FFFD that replaces it. */
function utf8Length(text: string): number {
  if (text.length <= MAX_LOOP_ENCODE && isAscii(text)) return text.length;
  encoder ??= new webGlobals.TextEncoder();
  scratch ??= new Uint8Array(4096);
  let bytes = 0;
  for (let rest = text; rest !== ""; ) {
    const { read, written } = encoder.encodeInto(rest, scratch);
    bytes += written;
    rest = rest.slice(read);
  }
  return bytes;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

/** How many bytes `writeText` writes. */
export function sizeText(text: string): number {
  const length = utf8Length(text);
  return sizeVarint(length) + length;
}

/** Writes a string with its length in front. */
export function writeText(w: Writer, text: string): void {
  const end = w.pos;
  if (text.length > MAX_LOOP_ENCODE || !writeAscii(w, text)) writeUtf8(w, text);
  writeVarint(w, end - w.pos);
}

function writeAscii(w: Writer, text: string): boolean {
  const start = w.pos - text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return false;
    w.bytes[start + i] = unit;
  }
  w.pos = start;
  return true;
}

function writeUtf8(w: Writer, text: string): void {
  encoder ??= new webGlobals.TextEncoder();
  const start = w.pos - text.length;
  const { read } = encoder.encodeInto(text, w.bytes.subarray(start, w.pos));
  if (read === text.length) {
    w.pos = start;
    return;
  }
  // Not ASCII, so it needs more room than its length: encode where it fits for
  // certain and move it to where it belongs.
  const lowest = Math.max(0, w.pos - 3 * text.length);
  const { written } = encoder.encodeInto(text, w.bytes.subarray(lowest, w.pos));
  w.bytes.copyWithin(w.pos - written, lowest, lowest + written);
  w.pos -= written;
}

/** Decodes a range of UTF-8; refuses what is not well-formed, as proto3 asks. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= MAX_LOOP_DECODE) {
    const text = decodeAscii(bytes, start, end);
    if (text !== undefined) return text;
  }
  decoder ??= new webGlobals.TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch (cause) {
    throw new DecodeError("a string is not valid UTF-8", "", { cause });
  }
}

function decodeAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  const codes = new Array<number>(end - start);
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7f) return undefined;
    codes[i - start] = byte;
  }
  return String.fromCharCode.apply(undefined, codes);
}

import { EncodedMessage } from "./encoded-message.ts";
import { copyVectors } from "./floats.ts";
import { type Writer, writerOf } from "./writer.ts";

/** How one type of message is written. */
export interface MessageEncoder<T> {
  /** The exact size of the encoding in bytes. Throws a `RangeError` for an integer out of range. */
  readonly size: (message: T) => number;
  /** Writes the fields in front of what is already written. */
  readonly write: (w: Writer, message: T) => void;
}

/** Gives memory of exactly `size` bytes, whatever is in them. */
export type Allocate = (size: number) => Uint8Array<ArrayBuffer>;

const allocateNew: Allocate = (size) => new Uint8Array(size);

/**
 * Encodes a message into one buffer of exactly its size. One that has its encoding
 * already gives that, and takes no memory.
 *
 * @throws RangeError naming the field, if a number does not fit its type
 */
export function encode<T>(
  encoder: MessageEncoder<T>,
  message: T,
  allocate = allocateNew,
): Uint8Array<ArrayBuffer> {
  if (message instanceof EncodedMessage) return message.encoding;
  return encodeInto(encoder, message, allocate(encoder.size(message)));
}

/** Encodes a message into `bytes`, which are of exactly its size, and returns them. */
export function encodeInto<T>(
  { write }: MessageEncoder<T>,
  message: T,
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const writer = writerOf(bytes);
  write(writer, message);
  if (writer.pos !== 0) throw new Error("the message changed while it was encoded");
  copyVectors(writer);
  return bytes;
}

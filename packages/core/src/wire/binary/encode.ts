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
 * Encodes a message into one buffer of exactly its size.
 *
 * @throws RangeError naming the field, if a number does not fit its type
 */
export function encode<T>(
  encoder: MessageEncoder<T>,
  message: T,
  allocate = allocateNew,
): Uint8Array<ArrayBuffer> {
  const writer = writerOf(allocate(encoder.size(message)));
  encoder.write(writer, message);
  if (writer.pos !== 0) throw new Error("the message changed while it was encoded");
  copyVectors(writer);
  return writer.bytes;
}

import { Writer } from "./writer.ts";

/** How one type of message is written. */
export interface MessageEncoder<T> {
  /** The exact size of the encoding in bytes. Throws a `RangeError` for an integer out of range. */
  readonly size: (message: T) => number;
  /** Writes the fields in front of what is already written. */
  readonly write: (w: Writer, message: T) => void;
}

/**
 * Encodes a message into one buffer of exactly its size.
 *
 * @throws RangeError naming the field, if a number does not fit its type
 */
export function encode<T>(encoder: MessageEncoder<T>, message: T): Uint8Array<ArrayBuffer> {
  const writer = new Writer(encoder.size(message));
  encoder.write(writer, message);
  if (writer.pos !== 0) throw new Error("the message changed while it was encoded");
  return writer.bytes;
}

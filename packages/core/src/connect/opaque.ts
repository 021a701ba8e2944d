import { create } from "@bufbuild/protobuf";
import { type Opaque, OpaqueSchema } from "../gen/opaque/vectron/opaque/opaque_pb.ts";
import { readerOf, readTag } from "../wire/binary/reader.ts";
import { sizeVarint, writerOf, writeVarint } from "../wire/binary/writer.ts";

// An empty protobuf-es message keeps whatever fields it receives as unknown
// ones, undecoded, and writes them back as they are. That makes it an envelope
// for bytes of another codec.

/**
 * A message that is written as exactly these bytes, which are not copied.
 *
 * @throws DecodeError if the bytes do not start with a field, as every encoded
 * message that is not empty does
 */
export function wrap(bytes: Uint8Array): Opaque {
  const message = create(OpaqueSchema);
  if (bytes.length === 0) return message;
  // One unknown field that claims the first field's tag and holds all that follows it.
  const reader = readerOf(bytes);
  const tag = readTag(reader);
  message.$unknown = [{ no: tag >>> 3, wireType: tag & 7, data: bytes.subarray(reader.pos) }];
  return message;
}

/** The bytes that a message was read from, in one copy. */
export function unwrap(message: Opaque): Uint8Array<ArrayBuffer> {
  const fields = (message.$unknown ?? []).map(({ no, wireType, data }) => ({
    tag: ((no << 3) | wireType) >>> 0,
    data,
  }));
  const size = fields.reduce((sum, { tag, data }) => sum + sizeVarint(tag) + data.length, 0);
  const writer = writerOf(new Uint8Array(size));
  for (const { tag, data } of fields.reverse()) {
    writer.pos -= data.length;
    writer.bytes.set(data, writer.pos);
    writeVarint(writer, tag);
  }
  return writer.bytes;
}

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../src/wire/binary/encode.ts";
import { decode } from "../../src/wire/binary/reader.ts";
import { messageArbitrary } from "./support/arbitrary.ts";
import { messageCodecs } from "./support/codecs.ts";
import { difference } from "./support/difference.ts";
import { fromReference, toReference } from "./support/reference.ts";

describe.each(messageCodecs.map((codec) => [codec.desc.typeName, codec] as const))("%s", (_name, codec) => {
  const messages = messageArbitrary(codec.desc);

  test("is encoded to the bytes that protobuf-es writes", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const expected = toBinary(codec.desc, toReference(codec.desc, message));
        expect(codec.size(message)).toBe(expected.length);
        expect(Buffer.compare(encode(codec, message), expected)).toBe(0);
      }),
    );
  });

  test("is decoded to what protobuf-es reads", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const bytes = toBinary(codec.desc, toReference(codec.desc, message));
        const expected = fromReference(codec.desc, fromBinary(codec.desc, bytes));
        const decoded = decode(codec, bytes);
        expect(difference(decoded, expected)).toBeUndefined();
        expect(difference(decoded, message)).toBeUndefined();
      }),
    );
  });

  test("is decoded from inside a larger buffer, which the result does not share", () => {
    fc.assert(
      fc.property(messages, fc.nat(7), (message, offset) => {
        const bytes = encode(codec, message);
        const buffer = Buffer.alloc(offset + bytes.length + 3, 0xff);
        buffer.set(bytes, offset);
        const decoded = decode(codec, buffer.subarray(offset, offset + bytes.length));
        buffer.fill(0xff);
        expect(difference(decoded, message)).toBeUndefined();
      }),
    );
  });
});

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { AuthService, VectronService } from "@vectron/protobuf-reference";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  connectMethod,
  connectServices,
  OpaqueSchema,
  unwrap,
  vectronConnectMethod,
  wrap,
} from "../../src/connect/index.ts";
import { encode } from "../../src/wire/binary/encode.ts";
import { decode } from "../../src/wire/binary/reader.ts";
import { DecodeError } from "../../src/wire/decode-error.ts";
import { authService, type MethodDescriptor, vectronService } from "../../src/wire/index.ts";
import { messageArbitrary } from "./support/arbitrary.ts";
import { codecOf, messageCodecs } from "./support/codecs.ts";
import { difference } from "./support/difference.ts";
import { Random } from "./support/mutations.ts";
import { encodeOddly } from "./support/odd-encoding.ts";

describe.each(messageCodecs.map((codec) => [codec.desc.typeName, codec] as const))("%s", (_name, codec) => {
  test("passes through the envelope byte for byte", () => {
    fc.assert(
      fc.property(messageArbitrary(codec.desc), (message) => {
        const bytes = encode(codec, message);
        const sent = toBinary(OpaqueSchema, wrap(bytes));
        expect(Buffer.compare(sent, bytes)).toBe(0);
        const received = unwrap(fromBinary(OpaqueSchema, sent));
        expect(Buffer.compare(received, bytes)).toBe(0);
      }),
    );
  });

  test("means the same after the envelope however it was encoded", () => {
    fc.assert(
      fc.property(messageArbitrary(codec.desc), fc.nat(), (message, seed) => {
        const bytes = encodeOddly(codec.desc, message, new Random(seed));
        const received = unwrap(fromBinary(OpaqueSchema, bytes));
        expect(difference(decode(codec, received), decode(codec, bytes))).toBeUndefined();
      }),
    );
  });
});

test("no bytes make an empty message, and back", () => {
  expect(wrap(new Uint8Array()).$unknown).toBeUndefined();
  expect(unwrap(fromBinary(OpaqueSchema, new Uint8Array()))).toEqual(new Uint8Array());
});

test("what is unwrapped does not share the received buffer", () => {
  const bytes = Uint8Array.of(0x0a, 1, 0x61);
  const received = unwrap(fromBinary(OpaqueSchema, bytes));
  bytes.fill(0);
  expect(received).toEqual(Uint8Array.of(0x0a, 1, 0x61));
});

test("bytes that do not start with a field are not wrapped", () => {
  expect(() => wrap(Uint8Array.of(0x80))).toThrow(DecodeError);
});

test("damage on the outside is refused by protobuf-es, on the inside by the decoder", () => {
  expect(() => fromBinary(OpaqueSchema, Uint8Array.of(0x0a, 9, 0x61))).toThrow();
  const inside = unwrap(fromBinary(OpaqueSchema, Uint8Array.of(0x12, 2, 0x0a, 9)));
  expect(() => decode(codecOf("vectron.v1.UpsertRequest"), inside)).toThrow(DecodeError);
});

test("the services are the canonical ones but for their messages", () => {
  for (const canonical of [VectronService, AuthService]) {
    const opaque = connectServices[canonical.typeName as keyof typeof connectServices];
    const shape = ({
      name,
      methodKind,
      idempotency,
      localName,
    }: (typeof opaque.methods)[number]): object => ({
      name,
      methodKind,
      idempotency,
      localName,
    });
    expect(opaque.methods.map(shape)).toEqual(canonical.methods.map(shape));
    expect(
      opaque.methods.every(({ input, output }) => input === OpaqueSchema && output === OpaqueSchema),
    ).toBe(true);
  }
});

test("a method is found by its descriptor", () => {
  const methods: MethodDescriptor<unknown, unknown>[] = [
    ...Object.values(vectronService),
    ...Object.values(authService),
  ];
  for (const method of methods) {
    const found = connectMethod(method);
    expect(`/${found.parent.typeName}/${found.name}`).toBe(method.path);
  }
  expect(vectronConnectMethod(vectronService.get)).toBe(connectMethod(vectronService.get));
  expect(() => connectMethod({ ...vectronService.get, path: "/other.Service/Get" })).toThrow(TypeError);
  expect(() => vectronConnectMethod(authService.login)).toThrow(TypeError);
});

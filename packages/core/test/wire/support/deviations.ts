/**
 * Where this decoder keeps a rule of the wire format that protobuf-es 2.17
 * does not enforce. Everything else is accepted, refused and read alike.
 */
export const DEVIATIONS = {
  overrun: {
    ours: "refused",
    theirs: "read on into the bytes behind the enclosing message, which is then continued after them",
    why: "a field that ends behind its message is a truncated message, wherever in the input it stands",
  },
  packedRemainder: {
    ours: "refused",
    theirs: "the last float is completed with the bytes behind the packed block, if there are any",
    why: "a block of floats whose length is no multiple of four is damaged: its values cannot be trusted",
  },
  overlongUnknown: {
    ours: "refused",
    theirs: "skipped, however long it is",
    why: "a varint has at most 10 bytes, in unknown fields as in known ones",
  },
  wireType: {
    ours: "skipped as an unknown field, which is what the specification asks",
    theirs: "read as if it had the wire type of its declaration, which takes lengths from values",
    why: "reading text from the bytes of a number gives garbage without an error",
  },
} as const satisfies Record<string, { ours: string; theirs: string; why: string }>;

export type Deviation = keyof typeof DEVIATIONS;

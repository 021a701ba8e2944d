import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Deviation } from "./deviations.ts";

/** What an input is by the rules of the wire format, all of them enforced. */
export interface StrictReading {
  /** The input without fields of a wrong wire type, or undefined if it breaks a rule. */
  readonly bytes: Uint8Array | undefined;
  /** The rules it touches that protobuf-es does not enforce, in the order of appearance. */
  readonly deviations: readonly Deviation[];
}

const MAX_DEPTH = 100;

class Refusal extends Error {}

/**
 * Walks an encoding of a message and enforces what protobuf-es leaves open. It
 * is written for clarity, on protobuf-es' own reader, so that it shares no
 * code with the decoder that it judges.
 */
export function readStrictly(desc: DescMessage, bytes: Uint8Array): StrictReading {
  const walk = new Walk(bytes);
  try {
    return { bytes: walk.message(desc, bytes.length, 1), deviations: walk.deviations };
  } catch {
    return { bytes: undefined, deviations: walk.deviations };
  }
}

class Walk {
  readonly deviations: Deviation[] = [];
  readonly #bytes: Uint8Array;
  readonly #reader: BinaryReader;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#reader = new BinaryReader(bytes);
  }

  message(desc: DescMessage, end: number, depth: number): Uint8Array {
    const fields = new Map(desc.fields.map((field) => [field.number, field]));
    return this.#fields(end, depth, (no) => fields.get(no));
  }

  /** Reads fields up to `end` and returns them without those of a wrong wire type. */
  #fields(end: number, depth: number, find: (no: number) => FieldLike | undefined): Uint8Array {
    const out = new BinaryWriter();
    while (this.#reader.pos < end) {
      const start = this.#reader.pos;
      const [no, wireType] = this.#reader.tag();
      const field = find(no);
      if (field !== undefined && legalWireTypes(field).includes(wireType)) {
        this.#known(field, wireType, { end, depth, start, out });
      } else {
        if (field !== undefined) this.deviations.push("wireType");
        this.#unknown(no, wireType, MAX_DEPTH - depth);
      }
      this.#assertWithin(end);
    }
    return out.finish();
  }

  #known(field: FieldLike, wireType: WireType, at: Position): void {
    const nested = field === "string" ? undefined : nestedReader(field);
    if (nested !== undefined) {
      const end = this.#enter(at.end);
      at.out.tag(field === "string" ? 0 : field.number, WireType.LengthDelimited);
      at.out.bytes(nested(this, end, at.depth));
      return;
    }
    const isPacked = field !== "string" && field.fieldKind === "list" && field.scalar !== ScalarType.STRING;
    if (isPacked && wireType === WireType.LengthDelimited) this.#packed(field.scalar, at.end);
    else this.#skipValue(wireType);
    this.#assertWithin(at.end);
    at.out.raw(this.#bytes.subarray(at.start, this.#reader.pos));
  }

  #packed(scalar: ScalarType | undefined, outer: number): void {
    const end = this.#enter(outer);
    if (scalar === ScalarType.FLOAT) {
      if ((end - this.#reader.pos) % 4 !== 0) this.#deviate("packedRemainder");
      this.#reader.pos = end;
      return;
    }
    while (this.#reader.pos < end) this.#reader.uint64();
    this.#assertWithin(end);
  }

  /** Reads a map's entry, whose fields are a string key and a string value. */
  entry(end: number, depth: number): Uint8Array {
    return this.#fields(end, depth, (no) => (no === 1 || no === 2 ? "string" : undefined));
  }

  #enter(outer: number): number {
    const length = this.#reader.uint32();
    const end = this.#reader.pos + length;
    if (end > this.#bytes.length) throw new Refusal("premature end");
    if (end > outer) this.#deviate("overrun");
    return end;
  }

  #skipValue(wireType: WireType): void {
    switch (wireType) {
      case WireType.Varint:
        this.#reader.uint64();
        return;
      case WireType.LengthDelimited:
        this.#reader.bytes();
        return;
      default:
        this.#reader.skip(wireType);
    }
  }

  #unknown(no: number, wireType: WireType, depth: number): void {
    if (wireType === WireType.Varint) this.#unknownVarint();
    else if (wireType === WireType.StartGroup) this.#unknownGroup(no, depth);
    else this.#reader.skip(wireType, no);
  }

  #unknownGroup(no: number, depth: number): void {
    if (depth <= 0) throw new Refusal("too deep");
    for (;;) {
      const [innerNo, innerType] = this.#reader.tag();
      if (innerType === WireType.EndGroup) {
        if (innerNo !== no) throw new Refusal("wrong end of group");
        return;
      }
      this.#unknown(innerNo, innerType, depth - 1);
    }
  }

  #unknownVarint(): void {
    const start = this.#reader.pos;
    this.#reader.skip(WireType.Varint);
    if (this.#reader.pos - start > 10) this.#deviate("overlongUnknown");
  }

  #assertWithin(end: number): void {
    if (this.#reader.pos > end) this.#deviate("overrun");
  }

  #deviate(deviation: Deviation): never {
    this.deviations.push(deviation);
    throw new Refusal(deviation);
  }
}

/** A field of a message, or the key or value of a map's entry. */
type FieldLike = DescField | "string";

interface Position {
  readonly end: number;
  readonly depth: number;
  readonly start: number;
  readonly out: BinaryWriter;
}

function nestedReader(
  field: DescField,
): ((walk: Walk, end: number, depth: number) => Uint8Array) | undefined {
  if (field.fieldKind === "map") return (walk, end, depth) => walk.entry(end, depth);
  const { message } = field;
  return message && ((walk, end, depth) => walk.message(message, end, depth + 1));
}

function legalWireTypes(field: FieldLike): readonly WireType[] {
  if (field === "string") return [WireType.LengthDelimited];
  if (field.fieldKind === "map" || field.message !== undefined) return [WireType.LengthDelimited];
  const own = scalarWireType(field.scalar);
  return field.fieldKind === "list" ? [own, WireType.LengthDelimited] : [own];
}

function scalarWireType(scalar: ScalarType | undefined): WireType {
  if (scalar === ScalarType.STRING) return WireType.LengthDelimited;
  return scalar === ScalarType.FLOAT ? WireType.Bit32 : WireType.Varint;
}

import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Plain } from "./codecs.ts";
import type { Random } from "./mutations.ts";

/** A number that no message uses. */
const UNKNOWN_FIELD = 77;

/**
 * Encodes a message in a legal way that no encoder would choose: fields out of
 * order, given twice, zero values written out, floats packed in pieces or not
 * at all, messages split in two, varints longer than needed, unknown fields
 * between. It still means the same message.
 */
export function encodeOddly(desc: DescMessage, message: Plain, random: Random): Uint8Array {
  return new OddEncoder(random).message(desc, message);
}

class OddEncoder {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  message(desc: DescMessage, message: Plain): Uint8Array {
    return concat(this.#shuffled(this.#fieldRecords(desc, message)));
  }

  /** The records of each field, in the order in which they must stay. */
  #fieldRecords(desc: DescMessage, message: Plain): Uint8Array[][] {
    const records = desc.fields.map((field) => this.#records(field, message[field.jsonName]));
    if (this.#random.below(3) === 0) records.push([this.#unknown()]);
    return records;
  }

  #records(field: DescField, value: unknown): Uint8Array[] {
    switch (field.fieldKind) {
      case "map":
        return Object.entries(value as Record<string, string>).flatMap((entry) => this.#entry(field, entry));
      case "message":
        return value === undefined ? [] : this.#splitMessage(field, value as Plain);
      case "list":
        return this.#list(field, Array.from(value as Iterable<unknown>));
      default:
        return this.#twice(
          () => this.#scalar(field, value),
          () => this.#scalar(field, otherValue(value)),
        );
    }
  }

  /** The record, sometimes after one that it overrides. */
  #twice(record: () => Uint8Array, overridden: () => Uint8Array): Uint8Array[] {
    return this.#random.below(3) === 0 ? [overridden(), record()] : [record()];
  }

  #list(field: DescField, items: unknown[]): Uint8Array[] {
    const { message, scalar } = field;
    if (message !== undefined) {
      return items.map((item) => this.#delimited(field.number, this.message(message, item as Plain)));
    }
    if (scalar === ScalarType.STRING) return items.map((item) => this.#scalar(field, item));
    const records: Uint8Array[] = [];
    for (let at = 0; at < items.length; ) {
      const piece = items.slice(at, at + 1 + this.#random.below(6));
      at += piece.length;
      if (this.#random.below(2) === 0) records.push(...piece.map((item) => this.#scalar(field, item)));
      else records.push(this.#delimited(field.number, concat(piece.map((item) => this.#value(field, item)))));
    }
    return records;
  }

  /** A message in two halves, which a decoder merges. */
  #splitMessage(field: DescField, value: Plain): Uint8Array[] {
    const desc = field.message;
    if (desc === undefined) throw new Error(`${field} is no message`);
    const records = this.#fieldRecords(desc, value);
    const middle = this.#random.below(records.length + 1);
    return [records.slice(0, middle), records.slice(middle)].map((half) =>
      this.#delimited(field.number, concat(this.#shuffled(half))),
    );
  }

  #entry(field: DescField, [key, value]: [string, string]): Uint8Array[] {
    const write = (text: string): Uint8Array => {
      const keyRecords = [this.#text(1, "overridden"), this.#text(1, key)];
      const valueRecords = [this.#text(2, text)];
      return this.#delimited(
        field.number,
        concat(this.#shuffled([keyRecords, valueRecords, [this.#unknown()]])),
      );
    };
    return this.#twice(
      () => write(value),
      () => write(`${value}, overridden`),
    );
  }

  #scalar(field: DescField, value: unknown): Uint8Array {
    return concat([this.#tag(field.number, wireType(field.scalar)), this.#value(field, value)]);
  }

  /** The value without its tag; strings with their length. */
  #value(field: DescField, value: unknown): Uint8Array {
    switch (field.scalar) {
      case ScalarType.STRING:
        return this.#lengthAnd(new TextEncoder().encode(value as string));
      case ScalarType.FLOAT:
        return new BinaryWriter().float(value as number).finish();
      case ScalarType.INT64:
      case ScalarType.UINT64:
        return this.#varint(BigInt(value as string));
      default:
        return this.#varint(BigInt(value as number));
    }
  }

  #text(no: number, text: string): Uint8Array {
    return this.#delimited(no, new TextEncoder().encode(text));
  }

  #delimited(no: number, bytes: Uint8Array): Uint8Array {
    return concat([this.#tag(no, WireType.LengthDelimited), this.#lengthAnd(bytes)]);
  }

  #lengthAnd(bytes: Uint8Array): Uint8Array {
    return concat([this.#varint(BigInt(bytes.length)), bytes]);
  }

  #tag(no: number, type: WireType): Uint8Array {
    return this.#varint(BigInt((no << 3) | type), 4);
  }

  /** A varint of up to 10 bytes, of which the last ones may add nothing. */
  #varint(value: bigint, maxSize = 10): Uint8Array {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    do {
      bytes.push(Number(rest & 0x7fn));
      rest >>= 7n;
    } while (rest > 0n);
    const padding = this.#random.below(8) === 0 ? this.#random.below(maxSize - bytes.length + 1) : 0;
    for (let i = 0; i < padding; i++) bytes.push(0);
    return Uint8Array.from(bytes, (byte, i) => (i < bytes.length - 1 ? byte | 0x80 : byte));
  }

  #unknown(): Uint8Array {
    const writer = new BinaryWriter();
    const no = UNKNOWN_FIELD;
    switch (this.#random.below(5)) {
      case 0:
        return writer
          .tag(no, WireType.Varint)
          .uint64(2n ** 63n)
          .finish();
      case 1:
        return writer.tag(no, WireType.Bit64).fixed64(1n).finish();
      case 2:
        return writer.tag(no, WireType.LengthDelimited).string("unknown").finish();
      case 3:
        return writer.tag(no, WireType.Bit32).fixed32(1).finish();
      default:
        writer.tag(no, WireType.StartGroup).tag(1, WireType.StartGroup).tag(2, WireType.Varint).uint32(300);
        return writer.tag(1, WireType.EndGroup).tag(no, WireType.EndGroup).finish();
    }
  }

  /** All records in a random order that keeps the order within each list. */
  #shuffled(lists: readonly (readonly Uint8Array[])[]): Uint8Array[] {
    const queues = lists.map((list) => [...list]).filter((queue) => queue.length > 0);
    const records: Uint8Array[] = [];
    while (queues.length > 0) {
      const at = this.#random.below(queues.length);
      const record = queues[at]?.shift();
      if (record === undefined) queues.splice(at, 1);
      else records.push(record);
    }
    return records;
  }
}

function wireType(scalar: ScalarType | undefined): WireType {
  if (scalar === ScalarType.STRING) return WireType.LengthDelimited;
  return scalar === ScalarType.FLOAT ? WireType.Bit32 : WireType.Varint;
}

/** A value of the same type that is not the same. */
function otherValue(value: unknown): unknown {
  if (typeof value === "string") return /^-?\d+$/.test(value) ? "7" : `${value}?`;
  return typeof value === "boolean" ? !value : 7;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

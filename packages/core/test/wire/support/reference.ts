import { create, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import type { Plain } from "./codecs.ts";

type Local = Message & Record<string, unknown>;

/** The protobuf-es message with the values of a plain one. */
export function toReference(desc: DescMessage, plain: Plain): Message {
  const message = create(desc) as Local;
  for (const field of desc.fields) {
    const value = plain[field.jsonName];
    if (value !== undefined) message[field.localName] = toLocal(field, value);
  }
  return message;
}

/** The plain message with the values of a protobuf-es one. */
export function fromReference(desc: DescMessage, message: Message): Plain {
  const plain: Plain = {};
  for (const field of desc.fields) {
    plain[field.jsonName] = fromLocal(field, (message as Local)[field.localName]);
  }
  return plain;
}

function toLocal(field: DescField, value: unknown): unknown {
  if (field.fieldKind === "list")
    return Array.from(value as Iterable<unknown>, (item) => toItem(field, item));
  return toItem(field, value);
}

function toItem(field: DescField, value: unknown): unknown {
  if (field.message !== undefined) return toReference(field.message, value as Plain);
  return is64Bit(field) ? BigInt(value as string) : value;
}

function fromLocal(field: DescField, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (field.fieldKind !== "list") return fromItem(field, value);
  const items = value as unknown[];
  if (field.scalar === ScalarType.FLOAT) return Float32Array.from(items as number[]);
  return items.map((item) => fromItem(field, item));
}

function fromItem(field: DescField, value: unknown): unknown {
  if (field.fieldKind === "map") return value;
  if (field.message !== undefined) return fromReference(field.message, value as Message);
  // A float that comes from JSON is held as it was written there.
  if (field.scalar === ScalarType.FLOAT) return Math.fround(value as number);
  return is64Bit(field) ? String(value) : value;
}

function is64Bit(field: DescField): boolean {
  return field.scalar === ScalarType.INT64 || field.scalar === ScalarType.UINT64;
}

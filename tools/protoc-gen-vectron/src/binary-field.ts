import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, ImportSymbol } from "@bufbuild/protoplugin";
import type { FieldType, ScalarName } from "./field-type.ts";
import { importPath, messageName, runtimePath } from "./names.ts";

/** Wire types of the protobuf encoding. */
export const VARINT = 0;
export const LENGTH = 2;
export const FIXED32 = 5;

/** How the runtime functions for a scalar type end. */
export const SCALAR_SUFFIX: Record<ScalarName, string> = {
  string: "String",
  bool: "Bool",
  int32: "Int32",
  uint32: "Uint32",
  int64: "Int64",
  uint64: "Uint64",
  float: "Float",
};

/** A function of `wire/binary/<module>.ts`. */
export function runtime(file: GeneratedFile, module: string, name: string, typeOnly = false): ImportSymbol {
  return file.import(name, runtimePath(`wire/binary/${module}`), typeOnly);
}

/** The function that is generated to measure a message: `sizePoint`. */
export function sizeFunction(file: GeneratedFile, message: DescMessage): ImportSymbol {
  return file.import(`size${messageName(message)}`, importPath(message.file, "size.ts"));
}

/** What stands in front of a field of that wire type. */
export function tag(field: DescField, wireType: number): number {
  return (field.number << 3) | wireType;
}

/** The wire type that a field is written with. */
export function wireType(type: FieldType): number {
  switch (type.kind) {
    case "scalar":
      if (type.scalar === "string") return LENGTH;
      return type.scalar === "float" ? FIXED32 : VARINT;
    case "enum":
      return VARINT;
    default:
      return LENGTH;
  }
}

/** The suffix of the runtime function that measures or writes a field as a whole, if there is one. */
export function fieldSuffix(type: FieldType): string | undefined {
  switch (type.kind) {
    case "scalar":
      return SCALAR_SUFFIX[type.scalar];
    case "enum":
      return "Int32";
    case "strings":
      return "Strings";
    case "floats":
      return "Floats";
    case "uint64s":
      return "Uint64s";
    case "stringMap":
      return "StringMap";
    case "message":
    case "messages":
      return undefined;
  }
}

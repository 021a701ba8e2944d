import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, ImportSymbol, Printable } from "@bufbuild/protoplugin";
import {
  FIXED32,
  fieldSuffix,
  LENGTH,
  runtime,
  SCALAR_SUFFIX,
  sizeFunction,
  tag,
  VARINT,
  wireType,
} from "./binary-field.ts";
import { type FieldType, fieldType, type ScalarName } from "./field-type.ts";
import { messageType } from "./generate-messages.ts";
import { printMethodTables } from "./method-tables.ts";
import { importPath, messageName } from "./names.ts";

/** Writes the binary codecs of a file's messages and, by method, those of its services. */
export function generateBinary(file: GeneratedFile, proto: DescFile): void {
  for (const message of proto.messages) {
    const fields = message.fields.toSorted((a, b) => a.number - b.number);
    printWrite(file, message, fields);
    printEmpty(file, message, fields);
    printRead(file, message, fields);
  }
  const printEntry = (encoded: DescMessage, decoded: DescMessage): void => {
    file.print("size: ", sizeFunction(file, encoded), ",");
    file.print("write: ", codecFunction(file, "write", encoded), ",");
    file.print("empty: ", codecFunction(file, "empty", decoded), ",");
    file.print("read: ", codecFunction(file, "read", decoded), ",");
  };
  for (const service of proto.services) printMethodTables(file, service, { format: "Binary", printEntry });
}

/** A function that is generated for a message: `writePoint`, `readPoint`, ... */
function codecFunction(file: GeneratedFile, prefix: string, message: DescMessage): ImportSymbol {
  return file.import(prefix + messageName(message), importPath(message.file, "binary.ts"));
}

function printWrite(file: GeneratedFile, message: DescMessage, fields: readonly DescField[]): void {
  const name = messageName(message);
  const writer = runtime(file, "writer", "Writer", true);
  file.print("/** Writes the fields of `", name, "` that are not zero, in front of what is written. */");
  const unused = fields.length === 0 ? "_" : "";
  file.print(
    file.export("function", `write${name}`),
    "(",
    unused,
    "w: ",
    writer,
    ", ",
    unused,
    "m: ",
    messageType(file, message),
    "): void {",
  );
  for (const field of fields.toReversed()) printFieldWrite(file, field);
  file.print("}");
  file.print();
}

function printFieldWrite(file: GeneratedFile, field: DescField): void {
  const type = fieldType(field);
  const value = `m.${field.jsonName}`;
  const number = tag(field, wireType(type));
  if (type.kind !== "message" && type.kind !== "messages") {
    // Both 64-bit types are written as the same bits.
    const suffix = fieldSuffix(type)?.replace(/^Uint64$/, "Int64");
    file.print(runtime(file, "write", `write${suffix}`), "(w, ", number, ", ", value, ");");
    return;
  }
  const writeMessage = codecFunction(file, "write", type.message);
  const writeHead = runtime(file, "writer", "writeHead");
  if (type.kind === "message") {
    file.print("if (", value, " !== undefined) {");
    file.print("const end = w.pos;");
    file.print(writeMessage, "(w, ", value, ");");
  } else {
    file.print("for (let i = ", value, ".length - 1; i >= 0; i--) {");
    file.print("const end = w.pos;");
    file.print(writeMessage, "(w, ", value, "[i]!);");
  }
  file.print(writeHead, "(w, ", number, ", end);");
  file.print("}");
}

function printEmpty(file: GeneratedFile, message: DescMessage, fields: readonly DescField[]): void {
  const name = messageName(message);
  file.print("/** A `", name, "` in which every field has its zero value. */");
  file.print(file.export("function", `empty${name}`), "(): ", messageType(file, message), " {");
  file.print("return {");
  for (const field of fields) file.print(field.jsonName, ": ", zeroValue(file, fieldType(field)), ",");
  file.print("};");
  file.print("}");
  file.print();
}

function zeroValue(file: GeneratedFile, type: FieldType): Printable {
  switch (type.kind) {
    case "scalar":
      return SCALAR_ZERO[type.scalar];
    case "enum":
      return "0";
    case "message":
      return "undefined";
    case "floats":
      return runtime(file, "floats", "NO_FLOATS");
    case "strings":
    case "uint64s":
    case "messages":
      return "[]";
    case "stringMap":
      return "{}";
  }
}

const SCALAR_ZERO: Record<ScalarName, string> = {
  string: '""',
  bool: "false",
  int32: "0",
  uint32: "0",
  int64: '"0"',
  uint64: '"0"',
  float: "0",
};

function printRead(file: GeneratedFile, message: DescMessage, fields: readonly DescField[]): void {
  const name = messageName(message);
  const unused = fields.length === 0 ? "_" : "";
  file.print("/** Merges the fields up to the reader's limit into `", name, "`. */");
  file.print(
    file.export("function", `read${name}`),
    "(r: ",
    runtime(file, "reader", "Reader", true),
    ", ",
    unused,
    "m: ",
    messageType(file, message),
    "): void {",
  );
  file.print("while (r.pos < r.limit) {");
  file.print("const tag = ", runtime(file, "reader", "readTag"), "(r);");
  const skip: Printable = [runtime(file, "reader", "skipField"), "(r, tag);"];
  if (fields.length === 0) {
    file.print(skip);
  } else {
    file.print("switch (tag) {");
    for (const field of fields) printFieldRead(file, field);
    file.print("default: ", skip);
    file.print("}");
  }
  file.print("}");
  file.print("}");
  file.print();
}

function printFieldRead(file: GeneratedFile, field: DescField): void {
  for (const [wire, statement] of readCases(file, fieldType(field), `m.${field.jsonName}`)) {
    file.print("case ", tag(field, wire), ":");
    file.print(statement);
    file.print("break;");
  }
}

/** The wire types that a field may have, each with the statement that reads it into `target`. */
function readCases(file: GeneratedFile, type: FieldType, target: string): [wire: number, Printable][] {
  const read = (suffix: string): ImportSymbol => runtime(file, "read", `read${suffix}`);
  switch (type.kind) {
    case "scalar":
      return [[wireType(type), [target, " = ", read(SCALAR_SUFFIX[type.scalar]), "(r);"]]];
    case "enum":
      return [[VARINT, [target, " = ", read("Int32"), "(r);"]]];
    case "strings":
      return [[LENGTH, [target, ".push(", read("String"), "(r));"]]];
    case "stringMap":
      return [[LENGTH, [read("StringEntry"), "(r, ", target, ");"]]];
    case "floats":
      return [
        [LENGTH, [target, " = ", read("PackedFloats"), "(r, ", target, ");"]],
        [FIXED32, [target, " = ", read("FloatItem"), "(r, ", target, ");"]],
      ];
    case "uint64s":
      return [
        [LENGTH, [read("PackedUint64s"), "(r, ", target, ");"]],
        [VARINT, [target, ".push(", read("Uint64"), "(r));"]],
      ];
    case "message":
      return [[LENGTH, [target, " = ", readNested(file, type.message, [target, " ?? "]), ";"]]];
    case "messages":
      return [[LENGTH, [target, ".push(", readNested(file, type.message, []), ");"]]];
  }
}

/** The expression that reads a nested message, merging it into what `into` names, if anything. */
function readNested(file: GeneratedFile, message: DescMessage, into: Printable): Printable {
  const read = codecFunction(file, "read", message);
  const empty = codecFunction(file, "empty", message);
  return [runtime(file, "reader", "readNested"), "(r, ", read, ", ", into, empty, "())"];
}

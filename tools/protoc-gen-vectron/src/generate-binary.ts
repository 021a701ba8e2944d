import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, ImportSymbol, Printable } from "@bufbuild/protoplugin";
import { type FieldType, fieldMessage, fieldType, type ScalarName } from "./field-type.ts";
import { messageType } from "./generate-messages.ts";
import { printMethodTables } from "./method-tables.ts";
import { importPath, messageName, runtimePath } from "./names.ts";

/** Wire types of the protobuf encoding. */
const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

const SCALAR_SUFFIX: Record<ScalarName, string> = {
  string: "String",
  bool: "Bool",
  int32: "Int32",
  uint32: "Uint32",
  int64: "Int64",
  uint64: "Uint64",
  float: "Float",
};

/** Scalars whose range is checked when they are measured, which wants the field's name. */
const CHECKED: ReadonlySet<ScalarName> = new Set(["int32", "uint32", "int64", "uint64", "float"]);

/** Writes the binary codecs of a file's messages and, by method, those of its services. */
export function generateBinary(file: GeneratedFile, proto: DescFile): void {
  for (const message of proto.messages) {
    const fields = message.fields.toSorted((a, b) => a.number - b.number);
    printSize(file, message, fields);
    printWrite(file, message, fields);
    printEmpty(file, message, fields);
    printRead(file, message, fields);
  }
  const printEntry = (encoded: DescMessage, decoded: DescMessage): void => {
    file.print("size: ", codecFunction(file, "size", encoded), ",");
    file.print("write: ", codecFunction(file, "write", encoded), ",");
    file.print("empty: ", codecFunction(file, "empty", decoded), ",");
    file.print("read: ", codecFunction(file, "read", decoded), ",");
  };
  for (const service of proto.services) printMethodTables(file, service, { format: "Binary", printEntry });
}

/** A function of `wire/binary/<module>.ts`. */
function runtime(file: GeneratedFile, module: string, name: string, typeOnly = false): ImportSymbol {
  return file.import(name, runtimePath(`wire/binary/${module}`), typeOnly);
}

/** A function that is generated for a message: `sizePoint`, `writePoint`, ... */
function codecFunction(file: GeneratedFile, prefix: string, message: DescMessage): ImportSymbol {
  return file.import(prefix + messageName(message), importPath(message.file, "binary.ts"));
}

function tag(field: DescField, wireType: number): number {
  return (field.number << 3) | wireType;
}

function wireType(type: FieldType): number {
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
function fieldSuffix(type: FieldType): string | undefined {
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

function isChecked(type: FieldType): boolean {
  return (
    type.kind === "enum" || type.kind === "uint64s" || (type.kind === "scalar" && CHECKED.has(type.scalar))
  );
}

function printSize(file: GeneratedFile, message: DescMessage, fields: readonly DescField[]): void {
  const name = messageName(message);
  file.print("/** The exact size in bytes of an encoded `", name, "`. */");
  const unused = fields.length === 0 ? "_" : "";
  const size = file.export("function", `size${name}`);
  file.print(size, "(", unused, "m: ", messageType(file, message), "): number {");
  const flat = fields
    .filter((field) => fieldMessage(field) === undefined)
    .map((field) => flatSize(file, field));
  const sum: Printable =
    flat.length === 0 ? "0" : flat.flatMap((term, i) => (i === 0 ? [term] : [" + ", term]));
  if (flat.length === fields.length) {
    file.print("return ", sum, ";");
  } else {
    file.print("let size = ", sum, ";");
    for (const field of fields) printNestedSize(file, field);
    file.print("return size;");
  }
  file.print("}");
  file.print();
}

/** The size of a field that holds no messages. */
function flatSize(file: GeneratedFile, field: DescField): Printable {
  const type = fieldType(field);
  const size = runtime(file, "size", `size${fieldSuffix(type)}`);
  const name = isChecked(type) ? [", ", file.string(field.jsonName)] : [];
  return [size, "(", tag(field, wireType(type)), ", m.", field.jsonName, name, ")"];
}

function printNestedSize(file: GeneratedFile, field: DescField): void {
  const message = fieldMessage(field);
  if (message === undefined) return;
  const value = `m.${field.jsonName}`;
  const isList = field.fieldKind === "list";
  const size = (item: string): Printable => [
    "size += ",
    runtime(file, "size", "sizeDelimited"),
    ["(", tag(field, LENGTH), ", ", codecFunction(file, "size", message), "(", item, "));"],
  ];
  if (isList) file.print("for (const item of ", value, ") ", size("item"));
  else file.print("if (", value, " !== undefined) ", size(value));
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

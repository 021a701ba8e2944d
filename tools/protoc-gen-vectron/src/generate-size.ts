import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import { fieldSuffix, LENGTH, runtime, sizeFunction, tag, wireType } from "./binary-field.ts";
import { type FieldType, fieldMessage, fieldType, type ScalarName } from "./field-type.ts";
import { messageType } from "./generate-messages.ts";
import { messageName } from "./names.ts";

/** Scalars whose range is checked when they are measured, which wants the field's name. */
const CHECKED: ReadonlySet<ScalarName> = new Set(["int32", "uint32", "int64", "uint64", "float"]);

/**
 * Writes how large a file's messages are in the binary encoding. In a file of its
 * own: a client that writes JSON has limits in these bytes too.
 */
export function generateSize(file: GeneratedFile, proto: DescFile): void {
  for (const message of proto.messages) {
    printSize(
      file,
      message,
      message.fields.toSorted((a, b) => a.number - b.number),
    );
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
    ["(", tag(field, LENGTH), ", ", sizeFunction(file, message), "(", item, "));"],
  ];
  if (isList) file.print("for (const item of ", value, ") ", size("item"));
  else file.print("if (", value, " !== undefined) ", size(value));
}

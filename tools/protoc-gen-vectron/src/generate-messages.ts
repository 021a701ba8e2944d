import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import { printComment } from "./comments.ts";
import { type FieldType, fieldType, type ScalarName } from "./field-type.ts";
import { enumConstant, importPath, messageName } from "./names.ts";

const SCALAR_TYPES: Record<ScalarName, string> = {
  string: "string",
  bool: "boolean",
  int32: "number",
  uint32: "number",
  int64: "string",
  uint64: "string",
  float: "number",
};

/** Writes the messages of a file as plain interfaces. */
export function generateMessages(file: GeneratedFile, proto: DescFile): void {
  const roles = messageRoles(proto);
  for (const message of proto.messages) {
    printComment(file, message, roles.get(message));
    file.print(file.export("interface", messageName(message)), " {");
    for (const field of message.fields) printField(file, field);
    file.print("}");
    file.print();
  }
}

/** What each message of a call is, in words. */
function messageRoles(proto: DescFile): Map<DescMessage, string> {
  const calls = proto.services.flatMap(({ name, methods }) =>
    methods.map((method) => ({ call: `\`${name}.${method.name}\``, method })),
  );
  return new Map(
    calls.flatMap(({ call, method }) => [
      [method.input, `What ${call} is asked.`],
      [method.output, `What ${call} answers.`],
    ]),
  );
}

/** The interface of a message, to be printed where its type is needed. */
export function messageType(file: GeneratedFile, message: DescMessage): Printable {
  return file.import(messageName(message), importPath(message.file, "messages.ts"), true);
}

function printField(file: GeneratedFile, field: DescField): void {
  const type = fieldType(field);
  printComment(file, field, typeNote(type));
  file.print(field.jsonName, ": ", propertyType(file, type), ";");
}

/** What a number or string stands for where the TypeScript type does not say it. */
function typeNote(type: FieldType): string | undefined {
  switch (type.kind) {
    case "enum":
      return `A value of \`${enumConstant(type.enum)}\`.`;
    case "uint64s":
      return "As decimal strings: 64 bits do not fit a number.";
    case "scalar":
      return /64$/.test(type.scalar) ? "As a decimal string: 64 bits do not fit a number." : undefined;
    default:
      return undefined;
  }
}

function propertyType(file: GeneratedFile, type: FieldType): Printable {
  switch (type.kind) {
    case "scalar":
      return SCALAR_TYPES[type.scalar];
    case "enum":
      return "number";
    case "message":
      return [messageType(file, type.message), " | undefined"];
    case "strings":
    case "uint64s":
      return "string[]";
    case "floats":
      return "Float32Array";
    case "messages":
      return [messageType(file, type.message), "[]"];
    case "stringMap":
      return "Record<string, string>";
  }
}

import type { DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, ImportSymbol, Printable } from "@bufbuild/protoplugin";
import { type FieldType, fieldType, type ScalarName } from "./field-type.ts";
import { messageType } from "./generate-messages.ts";
import { printMethodTables } from "./method-tables.ts";
import { camelCase, enumConstant, importPath, messageName, runtimePath } from "./names.ts";

const SCALAR_PARSERS: Record<ScalarName, string> = {
  string: "parseString",
  bool: "parseBool",
  int32: "parseInt32",
  uint32: "parseUint32",
  int64: "parseInt64",
  uint64: "parseUint64",
  float: "parseFloat32",
};

/** Writes the ProtoJSON codecs of a file's messages and, by method, those of its services. */
export function generateJson(file: GeneratedFile, proto: DescFile): void {
  for (const message of proto.messages) {
    printToJson(file, message);
    printFromJson(file, message);
  }
  const printEntry = (encoded: DescMessage, decoded: DescMessage): void => {
    file.print("write: ", codecFunction(file, encoded, "ToJson"), ",");
    file.print("parse: ", codecFunction(file, decoded, "FromJson"), ",");
  };
  for (const service of proto.services) printMethodTables(file, service, { format: "Json", printEntry });
}

/** A function of `wire/json/to-json.ts`. */
function writer(file: GeneratedFile, name: string): ImportSymbol {
  return file.import(name, runtimePath("wire/json/to-json"));
}

/** A function of `wire/json/from-json.ts`. */
function parser(file: GeneratedFile, name: string): ImportSymbol {
  return file.import(name, runtimePath("wire/json/from-json"));
}

/** A function that is generated for a message: `pointToJson`, `pointFromJson`. */
function codecFunction(
  file: GeneratedFile,
  message: DescMessage,
  suffix: "ToJson" | "FromJson",
): ImportSymbol {
  return file.import(camelCase(messageName(message)) + suffix, importPath(message.file, "json.ts"));
}

function enumTable(file: GeneratedFile, type: FieldType & { kind: "enum" }): ImportSymbol {
  return file.import(enumConstant(type.enum), importPath(type.enum.file, "enums.ts"));
}

function printToJson(file: GeneratedFile, message: DescMessage): void {
  const jsonObject = file.import("JsonObject", runtimePath("wire/json/to-json"), true);
  const parameter = message.fields.length === 0 ? "_m" : "m";
  file.print("/** `", messageName(message), "` in ProtoJSON, every field included. */");
  const name = file.export("function", `${camelCase(messageName(message))}ToJson`);
  file.print(name, "(", parameter, ": ", messageType(file, message), "): ", jsonObject, " {");
  file.print("return {");
  for (const field of message.fields) {
    file.print(field.jsonName, ": ", valueToJson(file, fieldType(field), `m.${field.jsonName}`), ",");
  }
  file.print("};");
  file.print("}");
  file.print();
}

function valueToJson(file: GeneratedFile, type: FieldType, value: string): Printable {
  switch (type.kind) {
    case "scalar":
      return type.scalar === "float" ? [writer(file, "floatToJson"), "(", value, ")"] : value;
    case "enum":
      return [writer(file, "enumToJson"), "(", value, ", ", enumTable(file, type), ")"];
    case "message": {
      const write = codecFunction(file, type.message, "ToJson");
      return [writer(file, "messageToJson"), "(", value, ", ", write, ")"];
    }
    case "messages":
      return [value, ".map(", codecFunction(file, type.message, "ToJson"), ")"];
    case "floats":
      return [writer(file, "floatsToJson"), "(", value, ")"];
    case "strings":
    case "uint64s":
    case "stringMap":
      return value;
  }
}

function printFromJson(file: GeneratedFile, message: DescMessage): void {
  const name = file.export("function", `${camelCase(messageName(message))}FromJson`);
  file.print("/**");
  file.print(" * `", messageName(message), "` from ProtoJSON.");
  file.print(" *");
  file.print(" * @throws DecodeError naming the field that is wrong");
  file.print(" */");
  file.print(name, "(json: unknown): ", messageType(file, message), " {");
  const parseObject = parser(file, "parseObject");
  if (message.fields.length === 0) {
    file.print(parseObject, "(json);");
    file.print("return {};");
  } else {
    file.print("const o = ", parseObject, "(json);");
    file.print("return {");
    for (const field of message.fields) file.print(field.jsonName, ": ", fieldFromJson(file, field), ",");
    file.print("};");
  }
  file.print("}");
  file.print();
}

function fieldFromJson(file: GeneratedFile, field: DescField): Printable {
  const type = fieldType(field);
  const name = file.string(field.jsonName);
  const value: Printable =
    field.name === field.jsonName
      ? `o.${field.jsonName}`
      : [parser(file, "pick"), "(o, ", name, ", ", file.string(field.name), ")"];
  const [parse, extra] = valueParser(file, type);
  return [parse, "(", value, ", ", name, extra === undefined ? [] : [", ", extra], ")"];
}

/** The function that parses a value, and its last argument if it takes one. */
function valueParser(file: GeneratedFile, type: FieldType): [ImportSymbol, ImportSymbol?] {
  switch (type.kind) {
    case "scalar":
      return [parser(file, SCALAR_PARSERS[type.scalar])];
    case "enum":
      return [parser(file, "parseEnum"), enumTable(file, type)];
    case "message":
      return [parser(file, "parseMessage"), codecFunction(file, type.message, "FromJson")];
    case "messages":
      return [parser(file, "parseMessages"), codecFunction(file, type.message, "FromJson")];
    case "strings":
      return [parser(file, "parseStrings")];
    case "floats":
      return [parser(file, "parseFloats")];
    case "uint64s":
      return [parser(file, "parseUint64s")];
    case "stringMap":
      return [parser(file, "parseStringMap")];
  }
}

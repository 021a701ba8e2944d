import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** The scalar types that the generators know how to write. */
export type ScalarName = "string" | "bool" | "int32" | "uint32" | "int64" | "uint64" | "float";

/** What a field holds, reduced to the cases that the generators tell apart. */
export type FieldType =
  | { readonly kind: "scalar"; readonly scalar: ScalarName }
  | { readonly kind: "enum"; readonly enum: DescEnum }
  | { readonly kind: "message"; readonly message: DescMessage }
  | { readonly kind: "strings" }
  | { readonly kind: "floats" }
  | { readonly kind: "uint64s" }
  | { readonly kind: "messages"; readonly message: DescMessage }
  | { readonly kind: "stringMap" };

const SCALARS: Partial<Record<ScalarType, ScalarName>> = {
  [ScalarType.STRING]: "string",
  [ScalarType.BOOL]: "bool",
  [ScalarType.INT32]: "int32",
  [ScalarType.UINT32]: "uint32",
  [ScalarType.INT64]: "int64",
  [ScalarType.UINT64]: "uint64",
  [ScalarType.FLOAT]: "float",
};

const LISTS: Partial<Record<ScalarType, FieldType>> = {
  [ScalarType.STRING]: { kind: "strings" },
  [ScalarType.FLOAT]: { kind: "floats" },
  [ScalarType.UINT64]: { kind: "uint64s" },
};

/**
 * Classifies a field. A field of a type that no generator handles is an error
 * here, so that none can overlook it.
 */
export function fieldType(field: DescField): FieldType {
  const type = supportedType(field);
  if (type === undefined || field.oneof !== undefined) {
    throw new Error(`${field.parent.typeName}.${field.name}: fields of this type are not supported`);
  }
  return type;
}

function supportedType(field: DescField): FieldType | undefined {
  switch (field.fieldKind) {
    case "scalar": {
      const scalar = SCALARS[field.scalar];
      return scalar && { kind: "scalar", scalar };
    }
    case "enum":
      return { kind: "enum", enum: field.enum };
    case "message":
      return field.delimitedEncoding ? undefined : { kind: "message", message: field.message };
    case "list":
      if (field.listKind === "message") return { kind: "messages", message: field.message };
      return field.listKind === "scalar" ? LISTS[field.scalar] : undefined;
    case "map": {
      const strings = field.mapKey === ScalarType.STRING && field.scalar === ScalarType.STRING;
      return strings ? { kind: "stringMap" } : undefined;
    }
  }
}

/** The message type inside a field, if it holds one or several. */
export function fieldMessage(field: DescField): DescMessage | undefined {
  const type = fieldType(field);
  return type.kind === "message" || type.kind === "messages" ? type.message : undefined;
}

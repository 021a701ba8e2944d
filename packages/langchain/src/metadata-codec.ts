import type { DocumentInterface } from "@langchain/core/documents";
import {
  DataLossError,
  InvalidArgumentError,
  jsonText,
  type Payload,
  type PayloadCodec,
} from "@vectron/core";

/** The metadata of a LangChain document: any values by name. */
export type DocumentMetadata = DocumentInterface["metadata"];

/** The payload field that names the fields which hold JSON. */
const JSON_FIELDS = "_jsonFields";

/**
 * Metadata without a schema, a payload field for each of its fields: strings as
 * they are, so that every other client reads them, and all else as JSON. The
 * names of the latter are kept beside them, because a text alone does not tell
 * the number 1 from the string "1".
 */
export const jsonMetadata: PayloadCodec<DocumentMetadata> = { encode, decode };

function encode(argument: string, given: DocumentMetadata | undefined): Payload {
  // Programs without types pass null.
  const metadata = given ?? {};
  if (Object.hasOwn(metadata, JSON_FIELDS)) {
    throw new InvalidArgumentError(`${argument}.${JSON_FIELDS} is a name that the store keeps to itself`);
  }
  const fields: [string, string][] = [];
  const jsonFields: string[] = [];
  for (const [name, value] of Object.entries(metadata)) {
    if (value === undefined) continue;
    if (typeof value !== "string") jsonFields.push(name);
    fields.push([name, typeof value === "string" ? value : jsonText(`${argument}.${name}`, value)]);
  }
  if (jsonFields.length > 0) fields.push([JSON_FIELDS, JSON.stringify(jsonFields)]);
  // Own properties whatever their name, `__proto__` included.
  return Object.fromEntries(fields);
}

function decode(where: string, payload: Payload): DocumentMetadata {
  const jsonFields = payload[JSON_FIELDS];
  if (jsonFields === undefined) return payload;
  const names = readNames(`${where}: ${JSON_FIELDS}`, jsonFields);
  const fields = Object.entries(payload).filter(([name]) => name !== JSON_FIELDS);
  return Object.fromEntries(
    fields.map(([name, text]) => [name, names.has(name) ? fromJson(`${where}: ${name}`, text) : text]),
  );
}

function readNames(where: string, text: string): ReadonlySet<unknown> {
  const names = fromJson(where, text);
  if (!Array.isArray(names)) throw new DataLossError(`${where} is no list of names`);
  return new Set(names);
}

function fromJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataLossError(`${where} is no JSON`, { cause });
  }
}

import type { Payload, PointInput } from "@vectron/core";
import { parseVector } from "../points/parse-vector.ts";
import { payloadText } from "../points/payload-text.ts";
import type { GoodRow } from "../readers/row.ts";
import type { FieldMap } from "./field-map.ts";

type Fields = GoodRow["fields"];

/** A row as a point. What is wrong with it beyond its form is found where it is written. */
export function toPoint(fields: Fields, map: FieldMap): PointInput {
  const id = fields[map.id];
  return {
    id: typeof id === "number" || typeof id === "bigint" ? String(id) : (id as string),
    vector: vectorOf(fields, map.vector) as ArrayLike<number>,
    payload: payloadOf(fields, map),
  };
}

/** Whatever stands there: text is read as numbers where it can be. */
function vectorOf(fields: Fields, field: FieldMap["vector"]): unknown {
  if (typeof field !== "string") return field.map((name) => toNumber(fields[name]));
  const value = fields[field];
  return typeof value === "string" ? (parseVector(value) ?? value) : value;
}

function toNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const numbers = parseVector(value);
  return numbers?.length === 1 ? numbers[0] : value;
}

function payloadOf(fields: Fields, map: FieldMap): Payload {
  const payload: Record<string, string> = {};
  for (const name of map.payload ?? Object.keys(fields)) {
    if (map.payload === undefined && isTaken(name, map)) continue;
    const value = fields[name];
    if (name === map.spread && typeof value === "object" && value !== null) addAll(payload, value);
    else add(payload, name, value);
  }
  return payload;
}

function isTaken(name: string, { id, vector }: FieldMap): boolean {
  return name === id || name === vector || (typeof vector !== "string" && vector.includes(name));
}

function addAll(payload: Record<string, string>, nested: object): void {
  for (const [name, value] of Object.entries(nested)) add(payload, name, value);
}

function add(payload: Record<string, string>, name: string, value: unknown): void {
  const text = payloadText(value);
  if (text === undefined) return;
  // A field may be called __proto__, which an assignment would take for something else.
  Object.defineProperty(payload, name, { value: text, enumerable: true, writable: true, configurable: true });
}

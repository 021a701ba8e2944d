import { DataLossError, InvalidArgumentError } from "../errors/error-classes.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";
import { isPlainObject } from "./checks.ts";
import { jsonText } from "./json-text.ts";
import { toPayload } from "./payload.ts";
import type { PayloadCodec } from "./payload-codec.ts";
import { issuePath, type SchemaIssue, type SchemaResult, type StandardSchema } from "./standard-schema.ts";
import type { Payload } from "./types.ts";

/**
 * How a field's text may be read, in the order in which it is tried: what was
 * written as text is most often text.
 */
const READINGS = [readText, readJson, readDate, readBigInt] as const;

/** What `schemaPayload` does: the codec of a Standard Schema that has been checked. */
export function schemaCodec<P>(schema: StandardSchema<P>): PayloadCodec<P> {
  const { validate } = schema["~standard"];
  return {
    async encode(argument, payload) {
      const result = await validate(payload ?? {});
      if (result.issues !== undefined) throw refusedInput(argument, result.issues);
      return toPayload(argument, writeFields(argument, result.value));
    },
    async decode(where, payload) {
      const result = await readFields(validate, payload);
      if (result.issues === undefined) return result.value;
      throw new DataLossError(
        `${where} does not fit the collection's schema: ${describeIssues(result.issues)}`,
      );
    },
  };
}

function refusedInput(argument: string, issues: readonly SchemaIssue[]): InvalidArgumentError {
  return new InvalidArgumentError(
    `${argument} does not fit the collection's schema: ${describeIssues(issues)}`,
  );
}

function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .map((issue) => {
      const path = issuePath(issue).map(String).join(".");
      return path === "" ? issue.message : `${path}: ${issue.message}`;
    })
    .join("; ");
}

function writeFields(argument: string, value: unknown): Payload {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidArgument(argument, value, "an object");
  }
  const fields: [string, string][] = [];
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) fields.push([key, writeField(`${argument}.${key}`, field)]);
  }
  // Own properties whatever their name, `__proto__` included.
  return Object.fromEntries(fields);
}

function writeField(argument: string, field: unknown): string {
  if (typeof field === "string") return field;
  if (typeof field === "bigint") return String(field);
  if (field instanceof Date && !Number.isNaN(field.getTime())) return field.toISOString();
  if (isPlain(field)) return jsonText(argument, field);
  throw invalidArgument(
    argument,
    field,
    "a string, number, boolean, bigint, date, null, array or plain object",
  );
}

function isPlain(field: unknown): boolean {
  if (typeof field !== "object" || field === null || Array.isArray(field)) return true;
  return isPlainObject(field);
}

/** Reads every field as text first, and those that the schema refuses in the next way that its text allows. */
async function readFields<P>(
  validate: (value: unknown) => SchemaResult<P> | Promise<SchemaResult<P>>,
  payload: Payload,
): Promise<SchemaResult<P>> {
  const readings = new Map(Object.keys(payload).map((key) => [key, 0]));
  const value = new Map<string, unknown>(Object.entries(payload));
  const first = await validate(Object.fromEntries(value));
  for (let result = first; ; ) {
    if (result.issues === undefined) return result;
    const paths = result.issues.map((issue) => issuePath(issue).map(String));
    const withDates = new Set(paths.filter((path) => readDateWithin(value, path)).map(([key]) => key));
    const refused = new Set(paths.map(([key]) => key as string));
    const changed = [...refused].filter(
      (key) => withDates.has(key) || (readings.has(key) && readNext(key, payload, readings, value)),
    );
    // What the text itself lacks says more than what its last reading did.
    if (changed.length === 0) return first;
    result = await validate(Object.fromEntries(value));
  }
}

/** JSON has dates as text: makes a date of that which the schema refuses inside a field. Whether there was one. */
function readDateWithin(
  value: ReadonlyMap<string, unknown>,
  [key = "", ...path]: readonly string[],
): boolean {
  const last = path.pop();
  let holder = value.get(key);
  for (const step of path) holder = ownField(holder, step);
  const text = last === undefined ? undefined : ownField(holder, last);
  const date = typeof text === "string" ? new Date(text) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString() !== text) return false;
  (holder as Record<string, unknown>)[last as string] = date;
  return true;
}

function ownField(holder: unknown, name: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return undefined;
  return (holder as Record<string, unknown>)[name];
}

function readNext(
  key: string,
  payload: Payload,
  readings: Map<string, number>,
  value: Map<string, unknown>,
): boolean {
  for (let next = (readings.get(key) ?? 0) + 1; next < READINGS.length; next++) {
    readings.set(key, next);
    const read = READINGS[next]?.(payload[key] as string);
    if (read === undefined) continue;
    value.set(key, read.value);
    return true;
  }
  return false;
}

type Reading = { readonly value: unknown } | undefined;

function readText(text: string): Reading {
  return { value: text };
}

function readJson(text: string): Reading {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function readDate(text: string): Reading {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : { value: date };
}

function readBigInt(text: string): Reading {
  return /^-?\d+$/.test(text) ? { value: BigInt(text) } : undefined;
}

import { DecodeError } from "../decode-error.ts";
import { isWellFormed } from "../well-formed.ts";

// ProtoJSON values, as JSON.parse gives them, to the values of fields. null and
// absent are a field's zero value; numbers may be strings.

const MAX_INT32 = 0x7fffffff;
const MAX_UINT32 = 0xffffffff;

/** A JSON object whose values are still to be checked. */
export type UncheckedObject = Readonly<Record<string, unknown>>;

/** @throws DecodeError if the text is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The platform's message quotes the text, which can hold a token.
    throw new DecodeError("the text is not valid JSON", "", { cause });
  }
}

export function parseObject(json: unknown): UncheckedObject {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as UncheckedObject;
  throw expected("an object", json, "");
}

/** The value of a field that may be given under its JSON name or its name in the proto file. */
export function pick(object: UncheckedObject, jsonName: string, protoName: string): unknown {
  const value = object[jsonName];
  const other = object[protoName];
  if (value !== undefined && other !== undefined) {
    throw new DecodeError(`given twice, also as ${protoName}`, jsonName);
  }
  return value === undefined ? other : value;
}

export function parseString(json: unknown, path: string): string {
  if (json === undefined || json === null) return "";
  if (typeof json !== "string") throw expected("a string", json, path);
  if (!isWellFormed(json)) throw new DecodeError("the string is not well-formed Unicode", path);
  return json;
}

export function parseBool(json: unknown, path: string): boolean {
  if (json === undefined || json === null) return false;
  if (typeof json !== "boolean") throw expected("a boolean", json, path);
  return json;
}

export function parseInt32(json: unknown, path: string): number {
  const value = toNumber(json);
  if (value === undefined || !Number.isInteger(value) || value > MAX_INT32 || value < -MAX_INT32 - 1) {
    throw expected("an int32", json, path);
  }
  return value;
}

export function parseUint32(json: unknown, path: string): number {
  const value = toNumber(json);
  if (value === undefined || !Number.isInteger(value) || value > MAX_UINT32 || value < 0) {
    throw expected("a uint32", json, path);
  }
  return value;
}

/** A number, or the number that a string spells out; undefined for anything else. */
function toNumber(json: unknown): number | undefined {
  if (json === undefined || json === null) return 0;
  if (typeof json === "number") return json;
  if (typeof json !== "string" || json === "" || json.trim() !== json) return undefined;
  return Number(json);
}

export function parseInt64(json: unknown, path: string): string {
  return parseDecimal(json, path, true);
}

export function parseUint64(json: unknown, path: string): string {
  return parseDecimal(json, path, false);
}

function parseDecimal(json: unknown, path: string, signed: boolean): string {
  if (json === undefined || json === null) return "0";
  const value = toBigInt(json);
  const wrapped = value !== undefined && (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value));
  if (value === undefined || wrapped !== value) throw expected(signed ? "an int64" : "a uint64", json, path);
  return String(value);
}

function toBigInt(json: unknown): bigint | undefined {
  if (typeof json !== "number" && (typeof json !== "string" || json === "")) return undefined;
  try {
    return BigInt(json);
  } catch {
    return undefined;
  }
}

export function parseFloat32(json: unknown, path: string): number {
  if (json === undefined || json === null) return 0;
  const value = toFloat32(json);
  if (value === undefined) throw expected("a float32", json, path);
  return value;
}

/** The float32 that a JSON value stands for; undefined if it is none or out of range. */
function toFloat32(json: unknown): number | undefined {
  if (json === "NaN") return Number.NaN;
  if (json === "Infinity") return Number.POSITIVE_INFINITY;
  if (json === "-Infinity") return Number.NEGATIVE_INFINITY;
  const value = json === null ? undefined : toNumber(json);
  if (value === undefined) return undefined;
  const rounded = Math.fround(value);
  // Not finite numbers have their own strings.
  return Number.isFinite(rounded) ? rounded : undefined;
}

export function parseFloats(json: unknown, path: string): Float32Array {
  const list = parseList(json, path);
  const vector = new Float32Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const value = toFloat32(item);
    if (value === undefined) throw expected("a float32", item, `${path}[${i}]`);
    vector[i] = value;
  }
  return vector;
}

export function parseStrings(json: unknown, path: string): string[] {
  return parseItems(json, path, parseString);
}

export function parseUint64s(json: unknown, path: string): string[] {
  return parseItems(json, path, parseUint64);
}

function parseItems(json: unknown, path: string, parse: (item: unknown, path: string) => string): string[] {
  return parseList(json, path).map((item, i) => {
    const itemPath = `${path}[${i}]`;
    if (item === null) throw expected("a value", item, itemPath);
    return parse(item, itemPath);
  });
}

function parseList(json: unknown, path: string): readonly unknown[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw expected("an array", json, path);
  return json;
}

/** Checks a map and returns it as it is: `JSON.parse` makes every key an own one, `__proto__` too. */
export function parseStringMap(json: unknown, path: string): Record<string, string> {
  if (json === undefined || json === null) return {};
  const map = within(path, () => parseObject(json));
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (typeof value === "string" && isWellFormed(value) && isWellFormed(key)) continue;
    throw expected("a well-formed string", value, `${path}[${JSON.stringify(key)}]`);
  }
  return map as Record<string, string>;
}

/** The number of an enum's value given by name or number; 0 for a name that is not known. */
export function parseEnum(json: unknown, path: string, names: Readonly<Record<string, number>>): number {
  if (typeof json === "string") return Object.hasOwn(names, json) ? names[json]! : 0;
  if (json !== undefined && json !== null && typeof json !== "number") {
    throw expected("an enum's name or number", json, path);
  }
  return parseInt32(json, path);
}

export function parseMessage<T>(json: unknown, path: string, parse: (json: unknown) => T): T | undefined {
  return json === undefined || json === null ? undefined : within(path, () => parse(json));
}

export function parseMessages<T>(json: unknown, path: string, parse: (json: unknown) => T): T[] {
  return parseList(json, path).map((item, i) => within(`${path}[${i}]`, () => parse(item)));
}

/** Runs a parser and puts `path` in front of the path of what it throws. */
function within<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(error.reason, error.path === "" ? path : `${path}.${error.path}`);
  }
}

function expected(what: string, json: unknown, path: string): DecodeError {
  return new DecodeError(`expected ${what}, got ${describe(json)}`, path);
}

/** Names a value without quoting it: it can be anything, a token included. */
function describe(json: unknown): string {
  if (json === null) return "null";
  if (Array.isArray(json)) return "an array";
  if (typeof json === "number") return String(json);
  return typeof json === "object" ? "an object" : `a ${typeof json}`;
}

import { InvalidArgumentError } from "../errors/error-classes.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";

const EXPECTED = "a value that JSON can hold";

const JSON_TYPES: readonly string[] = ["string", "number", "boolean", "object"];

/**
 * The JSON of a value, whose every part JSON has to be able to hold:
 * `JSON.stringify` writes null for numbers that are not finite and `{}` for maps
 * and sets, without a word. As it does, dates are written as their ISO text,
 * other instances as their own fields, and fields that are undefined not at all.
 *
 * @throws InvalidArgumentError naming the part that cannot be held
 */
export function jsonText(argument: string, value: unknown): string {
  const paths = new Map<unknown, string>();
  function check(this: Readonly<Record<string, unknown>>, key: string, item: unknown): unknown {
    const parent = paths.get(this);
    const path = parent === undefined ? argument : `${parent}.${key}`;
    if (item === undefined && parent !== undefined && !Array.isArray(this)) return undefined;
    requireJson(path, item);
    // An invalid date has become null by now.
    if (item === null && this[key] !== null) throw invalidArgument(path, this[key], EXPECTED);
    if (typeof item === "object") paths.set(item, path);
    return item;
  }
  try {
    return JSON.stringify(value, check);
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) throw cause;
    // Of what refers to itself.
    throw new InvalidArgumentError(`${argument} cannot be written as JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function requireJson(path: string, value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw invalidArgument(path, value, "a finite number");
  }
  const isOther = value instanceof Map || value instanceof Set || ArrayBuffer.isView(value);
  if (isOther || !JSON_TYPES.includes(typeof value)) throw invalidArgument(path, value, EXPECTED);
}

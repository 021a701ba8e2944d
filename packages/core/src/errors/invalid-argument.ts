import { InvalidArgumentError } from "./error-classes.ts";

const LONGEST_SHOWN = 60;

/**
 * The error for an argument that is wrong in itself: names the argument, the
 * value and what was expected.
 */
export function invalidArgument(argument: string, value: unknown, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(`${argument} must be ${expected}, got ${describeValue(value)}`);
}

/** A value in an error message: recognisable, on one line, never long. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value) && "length" in value)
    return `a ${value.constructor.name} of ${(value as Uint8Array).length}`;
  return `an object of class ${value.constructor?.name ?? "null"}`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)`;
}

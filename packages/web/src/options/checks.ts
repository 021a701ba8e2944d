import { InvalidArgumentError } from "@vectron/core";

/** The error for an option that is wrong in itself: names the option, the value and what was expected. */
export function invalidOption(name: string, value: unknown, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(`${name} must be ${expected}, got ${describe(value)}`);
}

/** Returns `value` if it is an object, and not an array. */
export function requireObject<T extends object>(name: string, value: T): T {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw invalidOption(name, value, "an object");
}

/** Returns `value` if it is a boolean or undefined. */
export function optionalBoolean(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  throw invalidOption(name, value, "true or false");
}

/** Returns `value` if it is one of `choices`, to the letter. */
export function requireOneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  throw invalidOption(name, value, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`);
}

/** Returns `value` if it is a number of bytes that a message can have; its length is sent in 32 bits. */
export function requireBytes(name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) < 2 ** 32)
    return value as number;
  throw invalidOption(name, value, `an integer from 1 to ${2 ** 32 - 1}`);
}

/** Refuses options that are not known, by name. */
export function refuseUnknownOptions(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new InvalidArgumentError(`options has no option "${name}"; it has ${known.join(", ")}`);
  }
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}

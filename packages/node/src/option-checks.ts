import { InvalidArgumentError } from "@vectron/core";

/** The error for an option that is wrong in itself: names the option, the value and what was expected. */
export function invalidOption(name: string, value: unknown, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(`${name} must be ${expected}, got ${describe(value)}`);
}

/** Returns `value` if it is an integer from `min` to `max`. */
export function requireInteger(name: string, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw invalidOption(name, value, `an integer from ${min} to ${max}`);
}

/** Returns `value` if it is a boolean. */
export function requireBoolean(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw invalidOption(name, value, "true or false");
}

/** Returns `value` if it is an object, and not an array. */
export function requireObject<T extends object>(name: string, value: T): T {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw invalidOption(name, value, "an object");
}

/** Refuses options that are not known, by name. */
export function refuseUnknownOptions(name: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new InvalidArgumentError(
      `${name} has no option ${JSON.stringify(key)}; it has ${known.join(", ")}`,
    );
  }
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}

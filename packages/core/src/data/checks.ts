import { InvalidArgumentError } from "../errors/error-classes.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";

/** The largest value of a protobuf `int32`. */
export const MAX_INT32 = 2 ** 31 - 1;

/** Returns `value` if it is an integer from `min` to `max`. */
export function requireInteger(argument: string, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw invalidArgument(argument, value, `an integer from ${min} to ${max}`);
}

/** Returns `value` if it is a number from `min` to `max`. */
export function requireNumber(argument: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw invalidArgument(argument, value, `a number from ${min} to ${max}`);
}

/** Returns `value` if it is a boolean. */
export function requireBoolean(argument: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw invalidArgument(argument, value, "true or false");
}

/** Returns `value` if it is a function. */
export function requireFunction<T>(argument: string, value: T): T {
  if (typeof value === "function") return value;
  throw invalidArgument(argument, value, "a function");
}

/** Returns `value` if it is an object, and not an array. */
export function requireObject<T extends object>(argument: string, value: T): T {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw invalidArgument(argument, value, "an object");
}

/** Whether an object is of no class, in this realm or in another: a date is not, nor a map or a promise. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether `value` is well-formed Unicode text, empty or not. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && isWellFormed(value);
}

/** Returns `value` if it is well-formed Unicode text, empty or not. */
export function requireText(argument: string, value: unknown): string {
  if (typeof value !== "string") throw invalidArgument(argument, value, "a string");
  if (!isWellFormed(value))
    throw invalidArgument(argument, value, "well-formed Unicode (it has a lone surrogate)");
  return value;
}

/** Returns `value` if it is well-formed Unicode text of at least one character. */
export function requireName(argument: string, value: unknown): string {
  if (value === "") throw invalidArgument(argument, value, "a non-empty string");
  return requireText(argument, value);
}

/** Returns `value` if it is one of `choices`, to the letter. */
export function requireOneOf<T extends string>(argument: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  throw invalidArgument(argument, value, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`);
}

/** Refuses an options object that has a key which is not known, by that key's name. */
export function refuseUnknownKeys(argument: string, value: object, known: readonly string[]): void {
  // Without the list of keys that Object.keys makes: every record of a bulk load comes by.
  for (const key in value) {
    if (known.includes(key) || !Object.hasOwn(value, key)) continue;
    throw new InvalidArgumentError(`${argument} has no option "${key}"; it has ${known.join(", ")}`);
  }
}

// An unpaired half of a surrogate pair, which UTF-8 cannot carry.
const LONE_SURROGATE = /\p{Surrogate}/u;

function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

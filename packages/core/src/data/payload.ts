import { describeValue, invalidArgument } from "../errors/invalid-argument.ts";
import { isPlainObject, isText, requireText } from "./checks.ts";
import type { Payload } from "./types.ts";

/**
 * Returns `value` if it is a map of strings, as the wire carries it.
 *
 * @param argument - what the payload is called in an error, such as `points[3].payload`
 */
export function toPayload(argument: string, value: unknown): Payload {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Symbol.iterator in value) {
    throw invalidArgument(argument, value, "an object of strings");
  }
  const keys = Object.keys(value);
  // Promises, dates and the like have no keys of their own: they would be stored as nothing.
  if (keys.length === 0 && !isPlainObject(value))
    throw invalidArgument(argument, value, "an object of strings");
  for (const key of keys) {
    const field = (value as Record<string, unknown>)[key];
    // The names are made for a refusal only: making them costs more than all of the checks.
    if (!isText(key)) requireText(`${argument} key ${describeValue(key)}`, key);
    if (typeof field !== "string") {
      throw invalidArgument(
        `${argument}.${key}`,
        field,
        "a string (a collection with a schema writes other types)",
      );
    }
    if (!isText(field)) requireText(`${argument}.${key}`, field);
  }
  return value as Payload;
}

import { describeValue, invalidArgument } from "../errors/invalid-argument.ts";
import { requireText } from "./checks.ts";
import type { Payload } from "./types.ts";

/**
 * Returns `value` if it is a map of strings, as the wire carries it.
 *
 * @param argument - what the payload is called in an error, such as `points[3].payload`
 */
export function toPayload(argument: string, value: unknown): Payload {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Map) {
    throw invalidArgument(argument, value, "an object of strings");
  }
  for (const key of Object.keys(value)) {
    requireText(`${argument} key ${describeValue(key)}`, key);
    const field = (value as Record<string, unknown>)[key];
    if (typeof field !== "string") {
      throw invalidArgument(
        `${argument}.${key}`,
        field,
        "a string (a collection with a schema writes other types)",
      );
    }
    requireText(`${argument}.${key}`, field);
  }
  return value as Payload;
}

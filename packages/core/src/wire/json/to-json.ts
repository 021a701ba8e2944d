/** What `JSON.stringify` takes. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A message as `JSON.stringify` takes it. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** A decimal whose relative distance from a float32 is within this reads as that float32 for certain. */
const QUARTER_ULP = 2 ** -26;

/**
 * A float32 as a number of ten decimals where that is exact enough:
 * 0.1000000015 instead of 0.10000000149011612. It reads back as the same
 * float32, takes a third less room and half the time to parse. Values that are
 * not finite are strings, as ProtoJSON asks.
 */
export function floatToJson(value: number): number | string {
  const rounded = Math.round(value * 1e10) / 1e10;
  if (Math.abs(rounded - value) <= Math.abs(value) * QUARTER_ULP) return rounded;
  return Number.isFinite(value) ? value : String(value);
}

/** The components of a vector. -0 is a string, or `JSON.stringify` would take its sign away. */
export function floatsToJson(vector: Float32Array): (number | string)[] {
  const list = new Array<number | string>(vector.length);
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]!;
    list[i] = Object.is(value, -0) ? "-0" : floatToJson(value);
  }
  return list;
}

/** The name of an enum's value, or the number itself if it has none. */
export function enumToJson(value: number, names: Readonly<Record<string, number>>): string | number {
  return Object.keys(names).find((name) => names[name] === value) ?? value;
}

/** A message field, or null if it is absent, as grpc-gateway writes it. */
export function messageToJson<T>(message: T | undefined, write: (message: T) => JsonObject): JsonValue {
  return message === undefined ? null : write(message);
}

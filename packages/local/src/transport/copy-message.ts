/**
 * A copy of a message that shares nothing with it: messages are made of plain
 * objects, arrays, float vectors and primitive values.
 */
export function copyMessage<T>(message: T): T {
  return copy(message) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Float32Array) return value.slice();
  if (Array.isArray(value)) return value.map(copy);
  // Object.fromEntries defines own properties, so a payload's `__proto__` is a key like any other.
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copy(field)]));
}

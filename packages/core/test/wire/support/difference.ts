/**
 * Where two plain messages differ first, as a path, or undefined if they are
 * equal. NaN equals itself, -0 differs from 0, and only own keys count.
 */
export function difference(a: unknown, b: unknown, path = "message"): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return path;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return path;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return path;
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return `${path}.${key}`;
    const found = difference(own(a, key), own(b, key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function own(object: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

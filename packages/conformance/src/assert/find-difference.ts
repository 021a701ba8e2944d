/** Where two values differ. */
export interface Difference {
  /** Path to the place, such as `[2].payload["lang"]`; empty for the values themselves. */
  readonly path: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

/**
 * The first difference between two values made of plain objects, arrays, typed
 * arrays, dates and primitives; undefined when there is none. Numbers are equal
 * to the bit (0 and −0 differ), typed arrays must be of the same class, and an
 * object's own keys are compared whatever they are called.
 */
export function findDifference(actual: unknown, expected: unknown, path = ""): Difference | undefined {
  const here = { path, actual, expected };
  if (Object.is(actual, expected)) return undefined;
  if (!isObject(actual) || !isObject(expected)) return here;
  if (kindOf(actual) !== kindOf(expected)) return here;
  if (expected instanceof Date)
    return Object.is(expected.getTime(), (actual as Date).getTime()) ? undefined : here;
  if (isList(expected)) return findInLists(actual as unknown as ArrayLike<unknown>, expected, here);
  return findInObjects(actual, expected, here);
}

function findInLists(
  actual: ArrayLike<unknown>,
  expected: ArrayLike<unknown>,
  here: Difference,
): Difference | undefined {
  if (actual.length !== expected.length) return here;
  for (let index = 0; index < expected.length; index++) {
    const found = findDifference(actual[index], expected[index], `${here.path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findInObjects(actual: object, expected: object, here: Difference): Difference | undefined {
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const key of keys) {
    const path = `${here.path}[${JSON.stringify(key)}]`;
    if (!Object.hasOwn(actual, key)) return { path, actual: "no such key", expected: fieldOf(expected, key) };
    if (!Object.hasOwn(expected, key)) return { path, actual: fieldOf(actual, key), expected: "no such key" };
    const found = findDifference(fieldOf(actual, key), fieldOf(expected, key), path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field by its own key: `__proto__` is one like any other. */
function fieldOf(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isList(value: object): value is object & ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value);
}

/**
 * Reads a vector as people write it: `0.1,0.2`, `0.1 0.2` or `[0.1, 0.2]`. What
 * stands in a place of a number must be one; whether it fits float32 is checked
 * where the vector is used.
 */
export function parseVector(text: string): number[] | undefined {
  const inner = text
    .trim()
    .replace(/^\[(.*)\]$/s, "$1")
    .trim();
  if (inner === "") return [];
  const numbers = inner.split(/\s*[,;\s]\s*/).map(parseNumber);
  return numbers.includes(undefined) ? undefined : (numbers as number[]);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^([+-]?)(nan|inf|infinity)$/i;

function parseNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  // Named so that the record is refused for what it is.
  const [, sign, name] = NOT_FINITE.exec(text) ?? [];
  if (name === undefined) return undefined;
  return name.toLowerCase() === "nan" ? Number.NaN : sign === "-" ? -Infinity : Infinity;
}

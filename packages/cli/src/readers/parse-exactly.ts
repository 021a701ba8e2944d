/** Strings, which are passed over, and the integers between them that are long. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/**
 * The value of a JSON text, with integers that a float64 cannot hold, such as ids
 * of 64 bits, as the text of their digits. In arrays, which vectors are, numbers
 * stay numbers.
 *
 * @throws SyntaxError when it is not JSON
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return hasInexactInteger(value) ? withArraysOf(parseQuoted(text), value) : value;
}

/** The same for a list of ids, where such an integer is a text too. */
export function parseIdList(text: string): unknown {
  JSON.parse(text);
  return parseQuoted(text);
}

function parseQuoted(text: string): unknown {
  const quoted = text.replace(STRING_OR_LONG_INTEGER, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
  );
  return JSON.parse(quoted);
}

function hasInexactInteger(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).some(hasInexactInteger);
}

/** A value with the arrays of another, which has the same form, in place of its own. */
function withArraysOf(exact: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return exact;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    withArraysOf((exact as Readonly<Record<string, unknown>>)[name], field),
  ]);
  return Object.fromEntries(fields);
}

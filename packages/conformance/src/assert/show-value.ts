const LONGEST_TEXT = 200;
const MOST_ITEMS = 16;

/** A value as one readable line, never very long. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${shorten(value.message)}`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (Array.isArray(value)) return showItems("", value);
  if (ArrayBuffer.isView(value))
    return showItems(`${value.constructor.name} `, Array.from(value as Float32Array));
  return showFields(value);
}

function showItems(prefix: string, items: readonly unknown[]): string {
  const shown = items.slice(0, MOST_ITEMS).map(showValue);
  const rest = items.length > MOST_ITEMS ? [`… ${items.length} in all`] : [];
  return `${prefix}[${[...shown, ...rest].join(", ")}]`;
}

function showFields(value: object): string {
  const fields = Object.entries(value);
  const shown = fields
    .slice(0, MOST_ITEMS)
    .map(([key, field]) => `${JSON.stringify(shorten(key))}: ${showValue(field)}`);
  const rest = fields.length > MOST_ITEMS ? [`… ${fields.length} in all`] : [];
  return `{${[...shown, ...rest].join(", ")}}`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)`;
}

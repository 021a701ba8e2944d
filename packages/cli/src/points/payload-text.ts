/**
 * A value as a payload holds it, which knows strings only: text stays as it is,
 * dates become ISO 8601, everything else its JSON text. Undefined for null and for
 * dates beyond what JavaScript can tell, which are left out.
 */
export function payloadText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  return JSON.stringify(value, exactNumbers);
}

/** JSON has no 64-bit integers and no typed arrays; Parquet has both. */
function exactNumbers(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<unknown>) : value;
}

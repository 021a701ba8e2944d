/** Whatever was thrown, as text. Unlike `String`, never throws itself. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

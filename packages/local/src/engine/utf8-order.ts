/**
 * Compares two strings by the bytes of their UTF-8 form, as a server that
 * compares bytes does. Like UTF-16 order, except that a surrogate (a character
 * above U+FFFF) comes after everything from U+E000 to U+FFFF.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** The place of a UTF-16 code unit in the order of UTF-8. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

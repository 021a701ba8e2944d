const DECIMAL = /^-?[0-9]+$/;

/**
 * The two's complement bits of a decimal string.
 *
 * @throws RangeError naming the field, if the string is no integer of 64 bits.
 */
export function parseInt64(text: string, field: string, signed: boolean): bigint {
  if (DECIMAL.test(text)) {
    const value = BigInt(text);
    const fits = signed ? BigInt.asIntN(64, value) === value : BigInt.asUintN(64, value) === value;
    if (fits) return BigInt.asUintN(64, value);
  }
  throw new RangeError(`${field}: ${JSON.stringify(text)} is not ${signed ? "an int64" : "a uint64"}`);
}

/** The decimal string of 64 bits given as two unsigned halves. */
export function formatInt64(low: number, high: number, signed: boolean): string {
  if (high === 0) return String(low);
  const bits = (BigInt(high) << 32n) | BigInt(low);
  return String(signed ? BigInt.asIntN(64, bits) : bits);
}

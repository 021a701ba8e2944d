/**
 * The two sums that every metric is made of.
 *
 * Components are float32 and the sums are kept in float64: the product of two
 * float32 values is exact there (24 + 24 bits of 53), so the only rounding is
 * that of adding up, about 2^-53 per term. A score rounded to float32 at the end
 * is thus the float32 nearest to the true value, save when that lies within a
 * hair of the middle between two. Four sums instead of one let the processor
 * work on four additions at a time. The loop is written out for each: one that
 * took the term as a function would call it for every component.
 */

/** Sum of `query[i] * block[offset + i]` over the query's length. */
export function innerProduct(query: Float32Array, block: Float32Array, offset: number): number {
  const length = query.length;
  const unrolled = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < unrolled; i += 4) {
    const at = offset + i;
    a += query[i]! * block[at]!;
    b += query[i + 1]! * block[at + 1]!;
    c += query[i + 2]! * block[at + 2]!;
    d += query[i + 3]! * block[at + 3]!;
  }
  for (; i < length; i++) a += query[i]! * block[offset + i]!;
  return a + b + (c + d);
}

/** Sum of `(query[i] - block[offset + i])²` over the query's length. */
export function squaredDistance(query: Float32Array, block: Float32Array, offset: number): number {
  const length = query.length;
  const unrolled = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < unrolled; i += 4) {
    const at = offset + i;
    const p = query[i]! - block[at]!;
    const q = query[i + 1]! - block[at + 1]!;
    const r = query[i + 2]! - block[at + 2]!;
    const s = query[i + 3]! - block[at + 3]!;
    a += p * p;
    b += q * q;
    c += r * r;
    d += s * s;
  }
  for (; i < length; i++) {
    const p = query[i]! - block[offset + i]!;
    a += p * p;
  }
  return a + b + (c + d);
}

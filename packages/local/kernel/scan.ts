// AssemblyScript. `node scripts/build-kernel.mjs` compiles it into src/scan/gen/kernel.ts;
// src/scan/code-segment.ts lays out the memory that it reads.

/** Bytes of one step: 16 codes of each of a group's four rows, side by side, so that a group is read strictly forwards. */
const STEP_BYTES: usize = 64;
/** Bytes of the constants behind the codes of a group: base (f64 x 4), scale (f32 x 4), error (f32 x 4). */
const CONSTANTS_BYTES: usize = 64;

/**
 * Lists the rows whose score can be as low as `threshold`, that is, whose
 *
 *     bound = base - scale * (dotFactor * dot + dotError) - error * errorFactor
 *
 * does not exceed it; `dot` is the integer product of the row's 8-bit codes and
 * the query's 16-bit codes. A row whose base is NaN compares false: it is empty.
 *
 * Writes the bounds to `boundsOut` (f64) and the row numbers, counted from the
 * first group, to `rowsOut` (i32); returns how many.
 */
export function scan(
  firstGroup: usize,
  groups: i32,
  steps: i32,
  query: usize,
  boundsOut: usize,
  rowsOut: usize,
  threshold: f64,
  dotFactor: f64,
  dotError: f64,
  errorFactor: f64,
): i32 {
  const limit = f64x2.splat(threshold);
  const queryEnd = query + ((<usize>steps) << 5);
  const end = groups << 2;
  let at = firstGroup;
  let found: i32 = 0;
  for (let row = 0; row < end; row += 4) {
    let dot0 = i32x4.splat(0);
    let dot1 = i32x4.splat(0);
    let dot2 = i32x4.splat(0);
    let dot3 = i32x4.splat(0);
    for (let part = query; part < queryEnd; part += 32) {
      const low = v128.load(part);
      const high = v128.load(part, 16);
      dot0 = i32x4.add(dot0, dot16(at, low, high));
      dot1 = i32x4.add(dot1, dot16(at + 16, low, high));
      dot2 = i32x4.add(dot2, dot16(at + 32, low, high));
      dot3 = i32x4.add(dot3, dot16(at + 48, low, high));
      at += STEP_BYTES;
    }
    const dots = laneSums(dot0, dot1, dot2, dot3);
    const scales = v128.load(at, 32);
    const errors = v128.load(at, 48);
    const bounds01 = f64x2.sub(
      f64x2.sub(v128.load(at), dotTerm(scales, dots, dotFactor, dotError)),
      f64x2.mul(f64x2.promote_low_f32x4(errors), f64x2.splat(errorFactor)),
    );
    const bounds23 = f64x2.sub(
      f64x2.sub(v128.load(at, 16), dotTerm(upperHalf(scales), upperHalf(dots), dotFactor, dotError)),
      f64x2.mul(f64x2.promote_low_f32x4(upperHalf(errors)), f64x2.splat(errorFactor)),
    );
    at += CONSTANTS_BYTES;
    const keep01 = f64x2.le(bounds01, limit);
    const keep23 = f64x2.le(bounds23, limit);
    if (!v128.any_true(v128.or(keep01, keep23))) continue;
    const keep = i64x2.bitmask(keep01) | (i64x2.bitmask(keep23) << 2);
    found = list(found, row, f64x2.extract_lane(bounds01, 0), keep & 1, boundsOut, rowsOut);
    found = list(found, row + 1, f64x2.extract_lane(bounds01, 1), (keep >> 1) & 1, boundsOut, rowsOut);
    found = list(found, row + 2, f64x2.extract_lane(bounds23, 0), (keep >> 2) & 1, boundsOut, rowsOut);
    found = list(found, row + 3, f64x2.extract_lane(bounds23, 1), keep >> 3, boundsOut, rowsOut);
  }
  return found;
}

/** Four partial sums of the products of 16 codes with 16 parts of the query. */
function dot16(codes: usize, low: v128, high: v128): v128 {
  return i32x4.add(
    i32x4.dot_i16x8_s(v128.load8x8_s(codes), low),
    i32x4.dot_i16x8_s(v128.load8x8_s(codes, 8), high),
  );
}

/** The sum of each argument's lanes, as the four lanes of one. */
function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

function dotTerm(scales: v128, dots: v128, dotFactor: f64, dotError: f64): v128 {
  const dot = f64x2.mul(f64x2.convert_low_i32x4_s(dots), f64x2.splat(dotFactor));
  return f64x2.mul(f64x2.promote_low_f32x4(scales), f64x2.add(dot, f64x2.splat(dotError)));
}

function upperHalf(lanes: v128): v128 {
  return i64x2.shuffle(lanes, lanes, 1, 1);
}

/** Writes one entry of the list; not counting it leaves it to be overwritten. */
function list(found: i32, row: i32, bound: f64, keep: i32, boundsOut: usize, rowsOut: usize): i32 {
  store<f64>(boundsOut + ((<usize>found) << 3), bound);
  store<i32>(rowsOut + ((<usize>found) << 2), row);
  return found + keep;
}

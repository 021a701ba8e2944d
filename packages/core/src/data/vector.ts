import { InvalidArgumentError } from "../errors/error-classes.ts";
import { describeValue, invalidArgument } from "../errors/invalid-argument.ts";

/**
 * A vector as callers may give it. Components are rounded to float32, which is
 * what the server stores.
 */
export type VectorInput = ArrayLike<number>;

/**
 * Returns `value` as float32. A `Float32Array` is returned as it is, not copied:
 * it is read when the request is encoded.
 *
 * Refused: what is not array-like, no components, another number of them than
 * `dimension` (where one is given), and components that are not finite as
 * float32 (NaN, infinities, and beyond ±3.4e38).
 *
 * @param argument - what the vector is called in an error, such as `points[3].vector`
 */
export function toVector(argument: string, value: VectorInput, dimension?: number): Float32Array {
  if (!isArrayLike(value)) throw invalidArgument(argument, value, "an array of numbers");
  if (value.length === 0) throw invalidArgument(argument, value, "a vector of at least one component");
  if (dimension !== undefined && value.length !== dimension) {
    throw new InvalidArgumentError(`${argument} must have ${dimension} components, got ${value.length}`);
  }
  const vector = value instanceof Float32Array ? value : roundToFloat32(argument, value);
  if (!allFinite(vector)) throw notFinite(argument, value, vector);
  return vector;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  const { length } = value as ArrayLike<unknown>;
  return Number.isInteger(length) && length >= 0;
}

function roundToFloat32(argument: string, value: ArrayLike<unknown>): Float32Array {
  const vector = new Float32Array(value.length);
  for (let index = 0; index < value.length; index++) {
    const component = value[index];
    if (typeof component !== "number") {
      throw invalidArgument(`${argument}[${index}]`, component, "a number");
    }
    vector[index] = component;
  }
  return vector;
}

/**
 * Whether every component is finite. `x - x` is 0 for every finite number and NaN
 * for the others, and NaN stays in a sum: one pass without a branch, four lanes
 * wide, is several times faster than a test of each component.
 */
function allFinite(vector: Float32Array): boolean {
  const length = vector.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    const w = vector[index] as number;
    const x = vector[index + 1] as number;
    const y = vector[index + 2] as number;
    const z = vector[index + 3] as number;
    a += w - w;
    b += x - x;
    c += y - y;
    d += z - z;
  }
  for (; index < length; index++) {
    const w = vector[index] as number;
    a += w - w;
  }
  return a + b + c + d === 0;
}

function notFinite(argument: string, value: VectorInput, vector: Float32Array): InvalidArgumentError {
  const index = vector.findIndex((component) => !Number.isFinite(component));
  return new InvalidArgumentError(
    `${argument}[${index}] must be a finite float32 number, got ${describeValue(value[index])}`,
  );
}

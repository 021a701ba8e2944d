import { InvalidArgumentError } from "../errors/error-classes.ts";
import { describeValue, invalidArgument } from "../errors/invalid-argument.ts";
import { MAX_INT32 } from "./checks.ts";

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
  return Number.isInteger(length) && length >= 0 && length <= MAX_INT32;
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
 * Whether every component is finite: whether their sum is. Float64 holds the sum
 * of any number of finite float32 values, and an infinity or NaN stays in it. One
 * pass without a branch, four sums at a time, is several times faster than a test
 * of each component.
 */
function allFinite(vector: Float32Array): boolean {
  const length = vector.length;
  const unrolled = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let index = 0;
  for (; index < unrolled; index += 4) {
    a += vector[index] as number;
    b += vector[index + 1] as number;
    c += vector[index + 2] as number;
    d += vector[index + 3] as number;
  }
  for (; index < length; index++) a += vector[index] as number;
  return Number.isFinite(a + b + c + d);
}

function notFinite(argument: string, value: VectorInput, vector: Float32Array): InvalidArgumentError {
  const index = vector.findIndex((component) => !Number.isFinite(component));
  return new InvalidArgumentError(
    `${argument}[${index}] must be a finite float32 number, got ${describeValue(value[index])}`,
  );
}

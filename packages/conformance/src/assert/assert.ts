import { type ErrorCode, VectronError } from "@vectron/core";
import { findDifference } from "./find-difference.ts";
import { showValue } from "./show-value.ts";

/** What a check throws: something that should hold does not. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Fails with a message. */
export function fail(message: string): never {
  throw new AssertionError(message);
}

/** Checks that a condition holds. */
export function ok(condition: unknown, what: string): asserts condition {
  if (!condition) fail(what);
}

/** Checks that two primitive values are the same; 0 and −0 are not. */
export function equal<T>(actual: T, expected: T, what = "value"): void {
  if (!Object.is(actual, expected))
    fail(`${what}: expected ${showValue(expected)}, got ${showValue(actual)}`);
}

/** Checks that two values have the same parts; see `findDifference`. */
export function deepEqual(actual: unknown, expected: unknown, what = "value"): void {
  const difference = findDifference(actual, expected);
  if (difference === undefined) return;
  const { path } = difference;
  const place = path === "" ? "" : ` differs at ${path}`;
  fail(`${what}${place}: expected ${showValue(difference.expected)}, got ${showValue(difference.actual)}`);
}

/** Checks that a number is within `tolerance` of another. */
export function close(actual: number, expected: number, tolerance: number, what = "value"): void {
  if (Math.abs(actual - expected) <= tolerance) return;
  fail(`${what}: expected ${expected} ± ${tolerance}, got ${showValue(actual)}`);
}

/** Checks that a text contains each of the parts. */
export function includes(text: string, parts: readonly string[], what = "text"): void {
  for (const part of parts) {
    if (!text.includes(part)) fail(`${what}: expected ${showValue(part)} in it, got ${showValue(text)}`);
  }
}

/** A class of errors that the client throws. */
export interface ErrorClass<T extends VectronError> {
  readonly prototype: T;
  [Symbol.hasInstance](value: unknown): boolean;
}

/** What an error must be beside its class. */
export interface ErrorFacts {
  readonly code?: ErrorCode;
  readonly messageIncludes?: readonly string[];
}

/** Checks that a promise rejects with an error of a class; returns the error. */
export async function rejects<T extends VectronError>(
  promise: Promise<unknown>,
  errorClass: ErrorClass<T>,
  facts: ErrorFacts = {},
): Promise<T> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return isError(error, errorClass, facts);
  }
  return fail(`expected a rejection with ${errorClass.prototype.name}, got the value ${showValue(value)}`);
}

/** Checks that a function throws an error of a class; returns the error. */
export function throws<T extends VectronError>(
  work: () => unknown,
  errorClass: ErrorClass<T>,
  facts: ErrorFacts = {},
): T {
  let value: unknown;
  try {
    value = work();
  } catch (error) {
    return isError(error, errorClass, facts);
  }
  return fail(`expected a throw of ${errorClass.prototype.name}, got the value ${showValue(value)}`);
}

/** Checks what was thrown: its class by identity and by name, its code and its text. */
export function isError<T extends VectronError>(
  error: unknown,
  errorClass: ErrorClass<T>,
  facts: ErrorFacts = {},
): T {
  const { name } = errorClass.prototype;
  if (!(error instanceof errorClass)) fail(`expected a ${name}, got ${showValue(error)}`);
  ok(
    error instanceof VectronError && error instanceof Error,
    `expected a ${name} to be a VectronError and an Error`,
  );
  equal(error.name, name, "the error's name");
  if (facts.code !== undefined) equal(error.code, facts.code, "the error's code");
  includes(error.message, facts.messageIncludes ?? [], "the error's message");
  return error as T;
}

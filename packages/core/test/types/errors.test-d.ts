// Checked by the compiler, and never run: `npm run typecheck`.
import { expectTypeOf } from "vitest";
import {
  type AttemptRecord,
  BulkUpsertError,
  type ErrorCode,
  NotFoundError,
  type StatusCode,
  VectronError,
  type VectronErrorJson,
} from "../../src/index.ts";

export const instanceofNarrows = (error: unknown) => {
  if (!(error instanceof VectronError)) return;
  expectTypeOf(error).toEqualTypeOf<VectronError>();
  expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
  expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
  expectTypeOf(error.attempts).toEqualTypeOf<readonly AttemptRecord[]>();
  expectTypeOf(error.toJSON()).toEqualTypeOf<VectronErrorJson>();
  // @ts-expect-error what an error says does not change
  error.code = "OK";
};

export const isInstanceNarrowsToTheClassItIsCalledOn = (error: unknown) => {
  if (NotFoundError.isInstance(error)) expectTypeOf(error).toEqualTypeOf<NotFoundError>();
  if (BulkUpsertError.isInstance(error)) expectTypeOf(error).toEqualTypeOf<BulkUpsertError>();
};

export const codesAreTheNamesOfGrpc = () => {
  expectTypeOf<"NOT_FOUND">().toExtend<ErrorCode>();
  expectTypeOf<"OK">().not.toExtend<ErrorCode>();
  expectTypeOf<"OK">().toExtend<keyof StatusCode | StatusCode>();
  expectTypeOf<"NOT_THERE">().not.toExtend<ErrorCode>();
};

import { InvalidArgumentError, type VectronClient } from "@vectron/core";
import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { CallRecorder } from "../support/call-recorder.ts";

/** One mistake that a caller can make. */
export interface InvalidInput {
  /** Last part of the case's id. */
  readonly id: string;
  /** Makes the mistake. */
  readonly call: (client: VectronClient) => unknown;
  /** What the error's message must contain: the argument's name, and the value as it was given. */
  readonly names: readonly string[];
}

/** A case for each mistake: it is refused, the message names it, and nothing is sent. */
export function invalidInputCases(inputs: readonly InvalidInput[]): ConformanceCase[] {
  return inputs.map(({ id, call, names }) => ({
    id: `invalid/${id}`,
    title: `${id.replaceAll("-", " ")} is refused before anything is sent`,
    async run(context) {
      const recorder = new CallRecorder();
      const client = context.connect({ observers: [recorder] });
      const facts = { code: "INVALID_ARGUMENT", messageIncludes: names } as const;
      // Some methods throw and most reject: either is a refusal.
      await assert.rejects((async () => call(client))(), InvalidArgumentError, facts);
      assert.deepEqual(recorder.attempts, [], "attempts");
    },
  }));
}

/** What no valid Unicode text holds: half of a surrogate pair. */
export const LONE_SURROGATES: readonly string[] = ["\uD800", "\uDC00", "a\uD83D", "\uDC18b", "\uDC18\uD83D"];

/** The first step of a stream, which is when it begins. */
export function firstOf(stream: AsyncIterable<unknown>): Promise<unknown> {
  return stream[Symbol.asyncIterator]().next();
}

import type { AbortSignalLike, ReadableStreamLike } from "@vectron/core";

/** The part of `AbortController` that cases use. */
export interface AbortControllerLike {
  readonly signal: AbortSignalLike;
  abort(reason?: unknown): void;
}

interface Globals {
  readonly AbortController: new () => AbortControllerLike;
  readonly AbortSignal: { timeout(delayMs: number): AbortSignalLike };
  readonly ReadableStream: new <T>(source: {
    start(controller: { enqueue(item: T): void; close(): void }): void;
  }) => ReadableStreamLike<T>;
  readonly setTimeout: (task: () => void, delayMs: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

/**
 * The globals that every runtime under test has and ECMAScript does not define.
 * The suite is compiled without Node's and the DOM's types, so that it cannot
 * come to depend on either.
 */
export const globals = globalThis as unknown as Globals;

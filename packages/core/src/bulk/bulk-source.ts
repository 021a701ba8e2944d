import type { PointInput } from "../data/types.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";
import type { ReadableStreamLike } from "../runtime/web-globals.ts";

/** Where a load takes its records from, one at a time and in order. */
export type BulkSource<P> =
  | Iterable<PointInput<P>>
  | AsyncIterable<PointInput<P>>
  | ReadableStreamLike<PointInput<P>>;

/** One step of reading: a record, or the end. */
export interface SourceStep<T> {
  readonly done?: boolean | undefined;
  readonly value?: T | undefined;
}

/** A source that is being read. */
export interface OpenSource<T> {
  /** Takes one record. A promise only where the source needs one. */
  next(): SourceStep<T> | PromiseLike<SourceStep<T>>;
  /** Tells a source that is left before its end that no more is wanted. */
  leave(): unknown;
}

/** Begins to read a source. */
export function openSource<P>(source: BulkSource<P>): OpenSource<PointInput<P>> {
  if (typeof source === "object" && source !== null) {
    // First, because a stream is iterable in some runtimes and not in others.
    if ("getReader" in source && typeof source.getReader === "function") return openStream(source);
    if (Symbol.asyncIterator in source) return openIterator(source[Symbol.asyncIterator]());
    if (Symbol.iterator in source) return openIterator(source[Symbol.iterator]());
  }
  throw invalidArgument("source", source, "an array, an iterable, an async iterable or a ReadableStream");
}

function openIterator<T>(iterator: Iterator<T> | AsyncIterator<T>): OpenSource<T> {
  return { next: () => iterator.next(), leave: () => iterator.return?.() };
}

function openStream<T>(stream: ReadableStreamLike<T>): OpenSource<T> {
  const reader = stream.getReader();
  return {
    async next() {
      let ended = true;
      try {
        const step = await reader.read();
        ended = step.done;
        return step;
      } finally {
        if (ended) reader.releaseLock();
      }
    },
    async leave() {
      await reader.cancel();
      reader.releaseLock();
    },
  };
}

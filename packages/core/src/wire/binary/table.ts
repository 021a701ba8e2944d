import type { MethodDescriptor } from "../../transport/method.ts";
import type { MessageEncoder } from "./encode.ts";
import type { MessageDecoder } from "./reader.ts";

/** For each method of a service, how requests are encoded and replies decoded. */
export type BinaryClientTable<S> = {
  readonly [K in keyof S]: S[K] extends MethodDescriptor<infer I, infer O>
    ? MessageEncoder<I> & MessageDecoder<O>
    : never;
};

/** For each method of a service, how requests are decoded and replies encoded. */
export type BinaryServerTable<S> = {
  readonly [K in keyof S]: S[K] extends MethodDescriptor<infer I, infer O>
    ? MessageEncoder<O> & MessageDecoder<I>
    : never;
};

import type { MethodDescriptor } from "../../transport/method.ts";
import type { JsonObject } from "./to-json.ts";

/** How one type of message is written and another is parsed. */
export interface JsonMessages<W, P> {
  readonly write: (message: W) => JsonObject;
  /** Throws a `DecodeError` that names the field that is wrong. */
  readonly parse: (json: unknown) => P;
}

/** For each method of a service, how requests are written and replies parsed. */
export type JsonClientTable<S> = {
  readonly [K in keyof S]: S[K] extends MethodDescriptor<infer I, infer O> ? JsonMessages<I, O> : never;
};

/** For each method of a service, how replies are written and requests parsed. */
export type JsonServerTable<S> = {
  readonly [K in keyof S]: S[K] extends MethodDescriptor<infer I, infer O> ? JsonMessages<O, I> : never;
};

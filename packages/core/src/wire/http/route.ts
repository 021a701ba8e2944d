import type { MethodDescriptor } from "../../transport/method.ts";

/** Where a method is found over HTTP, from its `google.api.http` rule. */
export interface Route<Field extends string = string> {
  readonly httpMethod: string;
  /** The path's segments: literal text, or the request's string field that takes the segment's place. */
  readonly path: readonly (string | { readonly field: Field })[];
  /** Whether the request is the body, as JSON. Without a body, the path holds every field. */
  readonly hasBody: boolean;
}

/** The routes of a service's methods. A method without one is not served over HTTP. */
export type RouteTable<S> = {
  readonly [K in keyof S]?: S[K] extends MethodDescriptor<infer I, unknown> ? Route<keyof I & string> : never;
};

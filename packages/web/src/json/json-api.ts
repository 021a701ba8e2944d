import type { MethodDescriptor } from "@vectron/core";
import type { JsonClientCodec, Route } from "@vectron/core/wire";

/** What calling one service over HTTP/JSON takes, by method: a bundle holds that of the services which it calls. */
export interface JsonApi {
  codecOf<I, O>(method: MethodDescriptor<I, O>): JsonClientCodec<I, O>;
  /** Undefined for a method that is not served over HTTP. */
  routeOf<I, O>(method: MethodDescriptor<I, O>): Route<keyof I & string> | undefined;
}

import { invalidArgument } from "../errors/invalid-argument.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";
import type { CallInfo, CallObserver } from "./observer.ts";

/** A call on its way through the interceptors. */
export interface InterceptorCall extends CallInfo {
  /** Headers to be sent, in lower case; an interceptor may add to them. The token is not among them. */
  readonly headers: Record<string, string>;
  /** Aborted when the call ends early, or fails. */
  readonly signal: AbortSignalLike;
  /** When the call must have ended, in milliseconds since 1970. */
  readonly deadline: number;
  /** Watches this call's attempts. */
  observe(observer: CallObserver): void;
}

/** What comes back through the interceptors. */
export type InterceptorReply =
  | { readonly kind: "unary"; readonly message: unknown }
  | { readonly kind: "stream"; readonly messages: AsyncIterable<unknown> };

/** Passes a call on: to the next interceptor, or to the attempts. Rejects with a `VectronError`. */
export type CallNext = (call: InterceptorCall) => Promise<InterceptorReply>;

/**
 * Wraps every call: once around all of its attempts. The first in the list is
 * the outermost. The call's deadline runs while an interceptor works.
 */
export type Interceptor = (next: CallNext) => CallNext;

/**
 * The interceptors around `innermost`, as one function.
 *
 * @throws InvalidArgumentError for one of another shape, such as `(call, next) => next(call)`
 */
export function composeInterceptors(interceptors: readonly Interceptor[], innermost: CallNext): CallNext {
  return interceptors.reduceRight((next, interceptor, index) => {
    const wrapped: unknown = interceptor(next);
    if (typeof wrapped === "function") return wrapped as CallNext;
    // An async function of another shape has failed by now, and nobody would hear of it.
    if (wrapped instanceof Promise) wrapped.catch(() => {});
    throw invalidArgument(`interceptors[${index}](next)`, wrapped, "a function of the call");
  }, innermost);
}

import type { AbortSignalLike, Metadata, MethodDescriptor } from "@vectron/core";
import type { VectronService } from "@vectron/core/wire";

/** What a handler knows about its call beside the message. */
export interface CallContext {
  /** When the call must have ended, in milliseconds since 1970; `Infinity` when the caller set no limit. */
  readonly deadline: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignalLike;
  /** The request's headers. */
  readonly headers: Metadata;
}

/** Answers one call, or throws a `TransportFailure`. The message is the handler's own to keep. */
export type UnaryHandler<I, O> = (message: I, context: CallContext) => O | Promise<O>;

/** Answers one call with any number of messages. */
export type StreamHandler<I, O> = (message: I, context: CallContext) => AsyncIterable<O>;

type StreamMethod = "searchStream";

/** One handler for each method of the Vectron service. */
export type VectronHandlers = {
  readonly [Name in keyof VectronService]: VectronService[Name] extends MethodDescriptor<infer I, infer O>
    ? Name extends StreamMethod
      ? StreamHandler<I, O>
      : UnaryHandler<I, O>
    : never;
};

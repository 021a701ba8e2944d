import type { AttemptRecord } from "../errors/vectron-error.ts";
import type { ResponseInfo } from "./call-options.ts";

/** A call, as observers and interceptors know it. */
export interface CallInfo {
  /** Full service name, `vectron.v1.VectronService`. */
  readonly service: string;
  /** The remote method, such as `Search`. */
  readonly method: string;
  readonly kind: "unary" | "stream";
  readonly collection: string | undefined;
  readonly requestId: string;
  /** The transport's short name, such as `grpc`. */
  readonly transport: string;
  /** Where the call goes. */
  readonly endpoint: string;
}

/** How a call ended. */
export interface CallResult extends ResponseInfo {
  /** Undefined when the call succeeded. */
  readonly error: Error | undefined;
  readonly durationMs: number;
}

/**
 * Watches calls and their attempts. What an observer throws is ignored: it may
 * watch a call but not change it.
 */
export interface CallObserver {
  /** Asked before each call: false where nobody wants to know of it. Default true. */
  watches?(): boolean;
  callStarted?(call: CallInfo): void;
  attemptStarted?(call: CallInfo, attempt: { readonly number: number; readonly hedge: boolean }): void;
  attemptEnded?(call: CallInfo, attempt: AttemptRecord): void;
  callEnded?(call: CallInfo, result: CallResult): void;
}

/** Tells every observer of one event. */
export function notify(observers: readonly CallObserver[], tell: (observer: CallObserver) => void): void {
  for (const observer of observers) {
    try {
      tell(observer);
    } catch {
      // An observer's own failure must not change the call.
    }
  }
}

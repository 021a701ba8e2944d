import type { TokenSource } from "../auth/token-source.ts";
import type { VectronError } from "../errors/vectron-error.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import type { AttemptEnd, AttemptLog, OpenAttempt } from "./attempt-log.ts";
import type { CallScope } from "./call-scope.ts";
import type { FailedAttempt } from "./failed-attempt.ts";
import type { HedgePolicy } from "./hedge-options.ts";
import { type CallInfo, type CallObserver, notify } from "./observer.ts";
import type { Recover } from "./recovery.ts";
import type { RetryPolicy } from "./retry-options.ts";

/** What a method of the client asks the call path to do. */
export interface CallSpec<I, O> {
  readonly method: MethodDescriptor<I, O>;
  readonly collection?: string | undefined;
  readonly message: I;
  /** Where this call's token comes from. Default: where those of the client's other calls do. */
  readonly tokens?: TokenSource | undefined;
  /** Texts of the message that no error may repeat, such as a password. */
  readonly secrets?: readonly string[] | undefined;
  /** Settles what a failure leaves open, by looking at the server's state. */
  readonly recover?: Recover<O> | undefined;
  /** What the caller should know of a reply, such as that it may be partial. */
  readonly warningsOf?: ((reply: O) => readonly string[]) | undefined;
}

/** One call under way: what it asks for, the time it has, and what has happened so far. */
export interface ActiveCall<I, O> {
  readonly spec: CallSpec<I, O>;
  readonly info: CallInfo;
  readonly scope: CallScope;
  readonly log: AttemptLog;
  readonly retry: RetryPolicy;
  readonly hedge: HedgePolicy;
  readonly headers: Record<string, string>;
  readonly observers: CallObserver[];
  /** How many attempts do not count against `maxAttempts`. */
  uncounted: number;
  /** The latest failure of an attempt, for the error of a call that runs out of time. */
  lastFailure: FailedAttempt | undefined;
  /** The error of a call that was ended from outside: one and the same for whoever waits. */
  endError: VectronError | undefined;
}

/** Marks the beginning of an attempt. */
export function beginAttempt<I, O>(call: ActiveCall<I, O>, hedge: boolean): OpenAttempt {
  const attempt = call.log.begin(hedge);
  notify(call.observers, (observer) => observer.attemptStarted?.(call.info, attempt));
  return attempt;
}

/** Marks the end of an attempt; the first counts. */
export function endAttempt<I, O>(call: ActiveCall<I, O>, attempt: OpenAttempt, end: AttemptEnd): void {
  const record = call.log.end(attempt, end);
  if (record !== undefined) notify(call.observers, (observer) => observer.attemptEnded?.(call.info, record));
}

/** Marks the end of every attempt that has none: the call itself is over. */
export function endOpenAttempts<I, O>(call: ActiveCall<I, O>, end: AttemptEnd): void {
  for (const attempt of call.log.open) endAttempt(call, attempt, end);
}

/** How many attempts count against `maxAttempts`. */
export function countedAttempts<I, O>(call: ActiveCall<I, O>): number {
  return call.log.count - call.uncounted;
}

/** The end of an attempt that succeeded. */
export const ATTEMPT_OK: AttemptEnd = { code: "OK", message: "", requestSent: "yes" };

/** The end of an attempt whose outcome no longer matters. */
export const ATTEMPT_SUPERSEDED: AttemptEnd = {
  code: "CANCELLED",
  message: "cancelled: the call was settled without it",
  requestSent: "unknown",
};

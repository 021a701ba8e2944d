import type { AttemptRecord } from "../errors/vectron-error.ts";
import type { Diagnosis } from "../faults/diagnosis.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import type { TransportFailure } from "../transport/transport-failure.ts";
import type { AttemptEnd, AttemptLog, OpenAttempt } from "./attempt-log.ts";
import type { CallScope } from "./call-scope.ts";
import type { HedgePolicy } from "./hedge-options.ts";
import { type CallInfo, type CallObserver, notify } from "./observer.ts";
import type { Recover } from "./recovery.ts";
import type { RetryPolicy } from "./retry-options.ts";

/** What a method of the client asks the call path to do. */
export interface CallSpec<I, O> {
  readonly method: MethodDescriptor<I, O>;
  readonly collection?: string | undefined;
  readonly message: I;
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
  /** The latest failure of an attempt, for the error of a call that runs out of time. */
  lastFailure: FailedAttempt | undefined;
}

/** A failed attempt, and what it means. */
export interface FailedAttempt {
  readonly failure: TransportFailure;
  readonly diagnosis: Diagnosis;
}

/** Marks the beginning of an attempt. */
export function beginAttempt<I, O>(call: ActiveCall<I, O>, hedge: boolean): OpenAttempt {
  const attempt = call.log.begin(hedge);
  notify(call.observers, (observer) => observer.attemptStarted?.(call.info, attempt));
  return attempt;
}

/** Marks the end of an attempt. */
export function endAttempt<I, O>(
  call: ActiveCall<I, O>,
  attempt: OpenAttempt,
  end: AttemptEnd,
): AttemptRecord {
  const record = call.log.end(attempt, end);
  notify(call.observers, (observer) => observer.attemptEnded?.(call.info, record));
  return record;
}

/** The end of an attempt that succeeded. */
export const ATTEMPT_OK: AttemptEnd = { code: "OK", message: "", requestSent: "yes" };

/** The end of an attempt that failed. */
export function attemptFailed(failure: TransportFailure): AttemptEnd {
  return { code: failure.code, message: failure.message, requestSent: failure.requestSent };
}

import {
  AuthenticationError,
  CancelledError,
  DeadlineExceededError,
  ERROR_CLASSES,
  UnavailableError,
} from "../errors/error-classes.ts";
import type { VectronError, VectronErrorDetails } from "../errors/vectron-error.ts";
import { isUseless } from "../faults/diagnosis.ts";
import type { ErrorCode } from "../transport/status-code.ts";
import { type ActiveCall, ATTEMPT_SUPERSEDED, endOpenAttempts } from "./active-call.ts";
import type { AttemptEnd } from "./attempt-log.ts";
import type { CallEnd } from "./call-scope.ts";
import type { FailedAttempt } from "./failed-attempt.ts";

// biome-ignore lint/suspicious/noExplicitAny: a call of any method
type AnyCall = ActiveCall<any, any>;

/** Codes under which the same call can succeed later. */
const PASSING: readonly ErrorCode[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "ABORTED"];

/** What the error of a failed attempt says beside the failure itself. */
export interface FailureFacts {
  /** Whether repeating the call can do no harm. */
  readonly harmless: boolean;
  readonly retryAfterMs: number | undefined;
}

/** The error of a call whose last attempt failed. */
export function errorOfFailure(call: AnyCall, failed: FailedAttempt, facts: FailureFacts): VectronError {
  const { code, condition, message } = failed.diagnosis;
  const text = condition === "not-ready" ? notReady(call, message) : message;
  return new ERROR_CLASSES[code](withCall(call, text), {
    ...detailsOf(call, ATTEMPT_SUPERSEDED),
    retryable: facts.harmless && !isUseless(failed.diagnosis) && PASSING.includes(code),
    retryAfterMs: facts.retryAfterMs,
    metadata: failed.failure.metadata,
    cause: failed.failure.cause,
  });
}

/** The error of a call that was ended from outside: by its deadline, its caller or the client's closing. */
export function errorOfEnd(call: AnyCall, end: CallEnd): VectronError {
  call.endError ??= end.kind === "deadline" ? outOfTime(call) : cancelled(call, end);
  return call.endError;
}

function outOfTime(call: AnyCall): VectronError {
  const details = detailsOf(call, {
    code: "DEADLINE_EXCEEDED",
    message: "the call's deadline passed",
    requestSent: "unknown",
  });
  const last = call.lastFailure;
  const facts = {
    ...details,
    retryable:
      call.spec.method.idempotent || details.attempts.every(({ requestSent }) => requestSent === "no"),
    cause: last?.failure.cause,
  };
  if (last?.diagnosis.condition === "not-ready") {
    return new UnavailableError(withCall(call, notReady(call, last.diagnosis.message)), facts);
  }
  const unsent = call.log.count === 0 ? ", spent on a token or an interceptor" : "";
  const history =
    last === undefined ? unsent : `; the last failure was ${last.diagnosis.code}: ${last.diagnosis.message}`;
  const elapsed = Math.round(call.log.elapsedMs);
  return new DeadlineExceededError(
    withCall(call, `the deadline passed after ${elapsed} ms${history}`),
    facts,
  );
}

/** An error of the token source, as the error of the call that needed the token. */
export function errorOfToken(call: AnyCall, error: AuthenticationError): VectronError {
  const details = detailsOf(call, { code: "UNAUTHENTICATED", message: error.message, requestSent: "no" });
  return new AuthenticationError(withCall(call, error.message), {
    ...details,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
    cause: error.cause,
  });
}

/** What a user reads of shards that did not become ready in time. */
function notReady(call: AnyCall, message: string): string {
  const name = JSON.stringify(call.spec.collection ?? "");
  return `the collection's shards are not ready: await waitUntilReady(${name}) before using it (the server said: ${message})`;
}

/** What is said of a call that was ended from outside, other than by its deadline. */
export const END_TEXTS = {
  aborted: "the call was aborted by its caller",
  closed: "the client was closed",
  over: "the call was over",
} as const;

function cancelled(call: AnyCall, end: Exclude<CallEnd, { kind: "deadline" }>): CancelledError {
  const message = END_TEXTS[end.kind];
  return new CancelledError(withCall(call, message), {
    ...detailsOf(call, { code: "CANCELLED", message, requestSent: "unknown" }),
    cause: end.kind === "aborted" ? end.reason : undefined,
  });
}

/** The facts of the call. Attempts that still run have the end that is given. */
function detailsOf(call: AnyCall, end: AttemptEnd) {
  endOpenAttempts(call, end);
  const { method, collection, requestId } = call.info;
  return { method, collection, requestId, attempts: call.log.records } satisfies VectronErrorDetails;
}

function withCall(call: AnyCall, message: string): string {
  const { method, collection, requestId } = call.info;
  const subject = collection === undefined ? method : `${method} ${JSON.stringify(collection)}`;
  const attempts = call.log.count > 1 ? `, ${call.log.count} attempts` : "";
  return `${message} [${subject}, request ${requestId}${attempts}]`;
}

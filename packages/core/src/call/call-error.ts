import {
  AuthenticationError,
  CancelledError,
  DeadlineExceededError,
  ERROR_CLASSES,
  UnavailableError,
} from "../errors/error-classes.ts";
import type { VectronError, VectronErrorDetails } from "../errors/vectron-error.ts";
import type { ErrorCode } from "../transport/status-code.ts";
import type { Metadata } from "../transport/transport.ts";
import type { ActiveCall, FailedAttempt } from "./active-call.ts";
import type { AttemptEnd } from "./attempt-log.ts";
import type { CallEnd } from "./call-scope.ts";

// biome-ignore lint/suspicious/noExplicitAny: a call of any method
type AnyCall = ActiveCall<any, any>;

/** Codes under which the same call can succeed later. */
const PASSING: readonly ErrorCode[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "ABORTED"];

/** What the error of a failed attempt says beside the failure itself. */
export interface FailureFacts {
  /** Whether repeating the call can do no harm. */
  readonly harmless: boolean;
  readonly retryAfterMs: number | undefined;
  /** The token that was sent, so that no text repeats it. */
  readonly token: string | undefined;
}

/** The error of a call whose last attempt failed. */
export function errorOfFailure(
  call: AnyCall,
  { failure, diagnosis }: FailedAttempt,
  facts: FailureFacts,
): VectronError {
  const { code, condition } = diagnosis;
  const message = explain(call, diagnosis.message, code, facts.token);
  return new ERROR_CLASSES[code](withCall(call, redact(message, facts.token)), {
    ...detailsOf(call, { code, message: diagnosis.message, requestSent: failure.requestSent }),
    retryable: facts.harmless && condition !== "too-large" && PASSING.includes(code),
    retryAfterMs: facts.retryAfterMs,
    metadata: withoutSecrets(failure.metadata),
    cause: failure.cause,
  });
}

/** The error of a call that was ended from outside: by its deadline, its caller or the client's closing. */
export function errorOfEnd(call: AnyCall, end: CallEnd): VectronError {
  if (end.kind !== "deadline") return cancelled(call, end);
  const last = call.lastFailure;
  const details = {
    ...detailsOf(call, {
      code: "DEADLINE_EXCEEDED",
      message: "the call's deadline passed",
      requestSent: "unknown",
    }),
    retryable: call.spec.method.idempotent,
    cause: last?.failure.cause,
  };
  if (last?.diagnosis.condition === "not-ready") {
    return new UnavailableError(withCall(call, notReady(call, last.diagnosis.message)), details);
  }
  const history =
    last === undefined ? "" : `; the last failure was ${last.diagnosis.code}: ${last.diagnosis.message}`;
  const elapsed = Math.round(call.log.elapsedMs);
  return new DeadlineExceededError(
    withCall(call, `the deadline passed after ${elapsed} ms${history}`),
    details,
  );
}

/** An error of the token source, as the error of the call that needed the token. */
export function errorOfToken(call: AnyCall, error: AuthenticationError): VectronError {
  const details = detailsOf(call, { code: "UNAUTHENTICATED", message: error.message, requestSent: "no" });
  return new AuthenticationError(withCall(call, error.message), {
    ...details,
    retryable: error.retryable,
    cause: error.cause,
  });
}

/** What a user reads of shards that did not become ready in time. */
export function notReady(call: AnyCall, message: string): string {
  const name = JSON.stringify(call.spec.collection ?? "");
  return `the collection's shards are not ready: await waitUntilReady(${name}) before using it (the server said: ${message})`;
}

function cancelled(call: AnyCall, end: Exclude<CallEnd, { kind: "deadline" }>): CancelledError {
  const who = end.kind === "closed" ? "the client was closed" : "the call was aborted by its caller";
  return new CancelledError(withCall(call, who), {
    ...detailsOf(call, { code: "CANCELLED", message: who, requestSent: "unknown" }),
    cause: end.kind === "aborted" ? end.reason : undefined,
  });
}

function detailsOf(call: AnyCall, end: AttemptEnd): VectronErrorDetails {
  const { method, collection, requestId } = call.info;
  return { method, collection, requestId, attempts: call.log.records(end) };
}

function explain(call: AnyCall, message: string, code: ErrorCode, token: string | undefined): string {
  if (code === "UNAUTHENTICATED" && token?.startsWith("vkey-")) {
    return (
      `${message}: the token is a raw API key ("vkey-…"), which a stock gateway never accepts; ` +
      "exchange it for an SDK token, with auth: sdkToken({ authHost, ... })"
    );
  }
  if (call.lastFailure?.diagnosis.condition === "not-ready") return notReady(call, message);
  return message;
}

function withCall(call: AnyCall, message: string): string {
  const { method, collection, requestId } = call.info;
  const subject = collection === undefined ? method : `${method} ${JSON.stringify(collection)}`;
  const attempts = call.log.count > 1 ? `, ${call.log.count} attempts` : "";
  return `${message} [${subject}, request ${requestId}${attempts}]`;
}

function redact(text: string, token: string | undefined): string {
  return token === undefined ? text : text.replaceAll(token, "[token]");
}

const SECRET_HEADERS = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

function withoutSecrets(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !SECRET_HEADERS.includes(name)));
}

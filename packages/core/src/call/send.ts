import { diagnose } from "../faults/diagnose.ts";
import type { Diagnosis } from "../faults/diagnosis.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";
import type { MethodDescriptor } from "../transport/method.ts";
import type { Metadata, Transport, TransportReply } from "../transport/transport.ts";
import { TransportFailure } from "../transport/transport-failure.ts";
import { type ActiveCall, ATTEMPT_OK, attemptFailed, beginAttempt, endAttempt } from "./active-call.ts";
import type { OpenAttempt } from "./attempt-log.ts";
import type { AttemptContext, AttemptPlan } from "./attempts.ts";
import { errorOfFailure } from "./call-error.ts";
import { raceWithHedge } from "./hedged.ts";
import type { Recovery } from "./recovery.ts";

/** What sending needs beside the call. */
export interface SendContext extends AttemptContext {
  readonly transport: Transport;
}

/** How a unary call's attempts are made: hedged where the call may be. */
export function unaryPlan<I, O>(
  call: ActiveCall<I, O>,
  context: SendContext,
  headers: Metadata,
): AttemptPlan<O, TransportReply<O>> {
  const once = (token: string | undefined, signal: AbortSignalLike, hedge: boolean) =>
    sendOnce(call, context, withToken(headers, token), signal, hedge);
  const { hedge, spec, scope, retry } = call;
  return {
    send(token) {
      if (hedge === undefined || !spec.method.readOnly) return once(token, scope.signal, false);
      return raceWithHedge({
        runtime: context.runtime,
        delayMs: hedge.delayMs,
        signal: scope.signal,
        mayHedge: () => !context.budget.exhausted && call.log.count < retry.maxAttempts,
        mayPass: (failure) => failure instanceof TransportFailure && isPassing(call, failure),
        send: (copy) => once(token, copy.signal, copy.hedge),
      });
    },
    recover: recoverWith(call, context, headers),
    recovered: (message) => ({ message, metadata: {} }),
  };
}

/** A stream whose first message has arrived. */
export interface OpenedStream<O> {
  readonly attempt: OpenAttempt;
  readonly iterator: AsyncIterator<O>;
  readonly first: IteratorResult<O>;
}

/** How a stream's attempts are made: each until its first message. */
export function streamPlan<I, O>(
  call: ActiveCall<I, O>,
  context: SendContext,
  headers: Metadata,
): AttemptPlan<O, OpenedStream<O>> {
  const { method, message } = call.spec;
  const { deadline, signal } = call.scope;
  return {
    async send(token) {
      const attempt = beginAttempt(call, false);
      const stream = context.transport.serverStream({
        method,
        message,
        deadline,
        signal,
        headers: withToken(headers, token),
      });
      const iterator = stream[Symbol.asyncIterator]();
      try {
        return { attempt, iterator, first: await iterator.next() };
      } catch (failure) {
        throw ended(call, attempt, failure);
      }
    },
    recover: recoverWith(call, context, headers),
    recovered: () => {
      throw new TypeError("a stream's reply cannot be recovered from the server's state");
    },
  };
}

/** The messages of an opened stream. Leaving the loop cancels the call on the wire. */
export async function* messagesOf<I, O>(
  call: ActiveCall<I, O>,
  { attempt, iterator, first }: OpenedStream<O>,
  token?: string,
): AsyncGenerator<O> {
  try {
    for (let step = first; !step.done; step = await iterator.next()) yield step.value;
    endAttempt(call, attempt, ATTEMPT_OK);
  } catch (reason) {
    const failure = ended(call, attempt, reason);
    if (!(failure instanceof TransportFailure)) throw failure;
    const diagnosis = diagnose(call.info.method, failure.code, failure.message);
    call.lastFailure = { failure, diagnosis };
    throw errorOfFailure(call, call.lastFailure, { harmless: true, retryAfterMs: undefined, token });
  } finally {
    endAttempt(call, attempt, {
      code: "CANCELLED",
      message: "the caller left the stream",
      requestSent: "yes",
    });
    await iterator.return?.();
  }
}

async function sendOnce<I, O>(
  call: ActiveCall<I, O>,
  { transport }: SendContext,
  headers: Metadata,
  signal: AbortSignalLike,
  hedge: boolean,
): Promise<TransportReply<O>> {
  const { method, message } = call.spec;
  const attempt = beginAttempt(call, hedge);
  try {
    const reply = await transport.unary({ method, message, deadline: call.scope.deadline, signal, headers });
    endAttempt(call, attempt, ATTEMPT_OK);
    return reply;
  } catch (failure) {
    throw ended(call, attempt, failure);
  }
}

/** Records how an attempt failed, and returns the failure. */
function ended<I, O>(call: ActiveCall<I, O>, attempt: OpenAttempt, reason: unknown): unknown {
  const failure =
    reason instanceof TransportFailure
      ? reason
      : new TransportFailure("INTERNAL", `the transport failed: ${String(reason)}`, { cause: reason });
  endAttempt(call, attempt, attemptFailed(failure));
  return failure;
}

function isPassing<I, O>(call: ActiveCall<I, O>, failure: TransportFailure): boolean {
  const { code, condition } = diagnose(call.info.method, failure.code, failure.message);
  return condition !== "too-large" && call.retry.codes.has(code);
}

function recoverWith<I, O>(call: ActiveCall<I, O>, { transport, tokens }: SendContext, headers: Metadata) {
  const { recover } = call.spec;
  return async (
    failure: TransportFailure,
    diagnosis: Diagnosis,
    ambiguousBefore: boolean,
  ): Promise<Recovery<O>> => {
    if (recover === undefined) return { kind: "unknown" };
    return recover({
      diagnosis,
      ambiguousBefore,
      requestSent: failure.requestSent,
      async ask<A, B>(method: MethodDescriptor<A, B>, message: A): Promise<B> {
        const { deadline, signal } = call.scope;
        const token = await tokens.token(signal);
        const reply = await transport.unary({
          method,
          message,
          deadline,
          signal,
          headers: withToken(headers, token),
        });
        return reply.message;
      },
    });
  };
}

function withToken(headers: Metadata, token: string | undefined): Metadata {
  return token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` };
}

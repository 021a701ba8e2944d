import type { MethodDescriptor } from "../transport/method.ts";
import type { Metadata, Transport, TransportReply } from "../transport/transport.ts";
import { type ActiveCall, ATTEMPT_OK, beginAttempt, countedAttempts, endAttempt } from "./active-call.ts";
import type { AttemptEnd, OpenAttempt } from "./attempt-log.ts";
import {
  type AttemptContext,
  type AttemptPlan,
  isRetryable,
  spendsBudget,
  tokensOf,
  tokenWait,
} from "./attempts.ts";
import { errorOfEnd, errorOfFailure } from "./call-error.ts";
import { CallEnded } from "./call-scope.ts";
import { FailedAttempt } from "./failed-attempt.ts";
import { type Copy, raceWithHedge } from "./hedged.ts";
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
  const { hedge, spec, scope, retry } = call;
  return {
    send(token) {
      const request = { transport: context.transport, headers, token };
      if (hedge === undefined || !spec.method.readOnly) {
        return sendOnce(call, request, { hedge: false, signal: scope.signal });
      }
      return raceWithHedge({
        runtime: context.runtime,
        delayMs: hedge.delayMs,
        signal: scope.signal,
        mayHedge: () => !context.budget.exhausted && countedAttempts(call) < retry.maxAttempts,
        mayPass(failure) {
          const passing = failure instanceof FailedAttempt && isRetryable(call, failure);
          // The attempts' own loop sees the failure that ends the race, and not this one.
          if (passing && spendsBudget(failure)) context.budget.failed();
          return passing;
        },
        send: (copy) => sendOnce(call, request, copy),
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
  readonly token: string | undefined;
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
      try {
        const request = { method, message, deadline, signal, headers: withToken(headers, token) };
        const iterator = context.transport.serverStream(request)[Symbol.asyncIterator]();
        const first = await iterator.next();
        if (call.scope.ended) abandon(iterator);
        return { attempt, iterator, first, token };
      } catch (reason) {
        throw failedAttempt(call, attempt, { reason, token });
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
  { attempt, iterator, first, token }: OpenedStream<O>,
): AsyncGenerator<O> {
  let left = true;
  try {
    for (let step = first; !step.done; step = await call.scope.run(() => iterator.next())) yield step.value;
    left = false;
    endAttempt(call, attempt, ATTEMPT_OK);
  } catch (reason) {
    left = false;
    if (reason instanceof CallEnded) {
      abandon(iterator);
      throw errorOfEnd(call, reason.end);
    }
    call.lastFailure = failedAttempt(call, attempt, { reason, token });
    throw errorOfFailure(call, call.lastFailure, { harmless: true, retryAfterMs: undefined });
  } finally {
    if (left) {
      endAttempt(call, attempt, LEFT);
      await iterator.return?.();
    }
  }
}

const LEFT: AttemptEnd = { code: "CANCELLED", message: "the caller left the stream", requestSent: "yes" };

/** Tells a stream that nobody reads it any more. It may be busy, so nobody waits for its answer either. */
export function abandon(iterator: AsyncIterator<unknown>): void {
  iterator.return?.().catch(() => {});
}

/** One request as every copy of it is sent. */
interface Request {
  readonly transport: Transport;
  readonly headers: Metadata;
  readonly token: string | undefined;
}

async function sendOnce<I, O>(
  call: ActiveCall<I, O>,
  { transport, headers, token }: Request,
  { hedge, signal }: Copy,
): Promise<TransportReply<O>> {
  const { method, message } = call.spec;
  const { deadline } = call.scope;
  const attempt = beginAttempt(call, hedge);
  try {
    const reply = await transport.unary({
      method,
      message,
      deadline,
      signal,
      headers: withToken(headers, token),
    });
    endAttempt(call, attempt, ATTEMPT_OK);
    return reply;
  } catch (reason) {
    throw failedAttempt(call, attempt, { reason, token });
  }
}

/** Records how an attempt failed, and says what it means. */
function failedAttempt<I, O>(
  call: ActiveCall<I, O>,
  attempt: OpenAttempt,
  { reason, token }: { readonly reason: unknown; readonly token: string | undefined },
): FailedAttempt {
  const { secrets } = call.spec;
  const failed = FailedAttempt.from(reason, { method: call.info.method, token, secrets });
  endAttempt(call, attempt, failed.end);
  return failed;
}

function recoverWith<I, O>(call: ActiveCall<I, O>, context: SendContext, headers: Metadata) {
  const { transport } = context;
  const { recover } = call.spec;
  return async (failed: FailedAttempt, ambiguousBefore: boolean): Promise<Recovery<O>> => {
    if (recover === undefined) return { kind: "unknown" };
    return recover({
      diagnosis: failed.diagnosis,
      ambiguousBefore,
      requestSent: failed.failure.requestSent,
      async ask<A, B>(method: MethodDescriptor<A, B>, message: A): Promise<B> {
        const { deadline, signal } = call.scope;
        const token = await tokensOf(call, context).token(signal, tokenWait(call));
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

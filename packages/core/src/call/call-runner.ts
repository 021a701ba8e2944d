import type { TokenSource } from "../auth/token-source.ts";
import { AuthenticationError } from "../errors/error-classes.ts";
import { VectronError } from "../errors/vectron-error.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";
import type { Metadata, Transport, TransportCapabilities } from "../transport/transport.ts";
import type { ActiveCall, CallSpec } from "./active-call.ts";
import { AttemptLog } from "./attempt-log.ts";
import { attemptUntilSettled } from "./attempts.ts";
import { errorOfEnd, errorOfToken } from "./call-error.ts";
import { type CallOptions, requireHeaders } from "./call-options.ts";
import { CallEnded, CallScope } from "./call-scope.ts";
import { type HedgePolicy, resolveHedge } from "./hedge-options.ts";
import {
  type CallNext,
  composeInterceptors,
  type Interceptor,
  type InterceptorCall,
  type InterceptorReply,
} from "./interceptor.ts";
import { type CallObserver, notify } from "./observer.ts";
import { RetryBudget } from "./retry-budget.ts";
import { type RetryPolicy, resolveRetry } from "./retry-options.ts";
import { messagesOf, type SendContext, streamPlan, unaryPlan } from "./send.ts";

/** How the calls of one client are made. */
export interface CallPolicy {
  readonly tokens: TokenSource;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly hedge: HedgePolicy;
  readonly interceptors: readonly Interceptor[];
  readonly observers: readonly CallObserver[];
}

/** Ties an interceptor's view of a call to the call itself; copied along when the view is spread. */
const ACTIVE_CALL = Symbol("active call");

// biome-ignore lint/suspicious/noExplicitAny: a call of any method
type AnyCall = ActiveCall<any, any>;

interface TiedCall extends InterceptorCall {
  readonly [ACTIVE_CALL]: AnyCall;
}

/**
 * The one path of every call: deadline, interceptors, token, attempts, transport,
 * and every failure as a `VectronError`.
 */
export class CallRunner {
  readonly #policy: CallPolicy;
  readonly #context: SendContext;
  readonly #active = new Set<CallScope>();
  /** The interceptors around the attempts; undefined where there are none, which saves each call its view. */
  readonly #intercepted: CallNext | undefined;
  readonly #idPrefix: string;
  #calls = 0;
  #closing: Promise<void> | undefined;

  constructor(transport: Transport, runtime: Runtime, policy: CallPolicy) {
    this.#policy = policy;
    this.#context = { transport, runtime, tokens: policy.tokens, budget: new RetryBudget() };
    this.#intercepted =
      policy.interceptors.length === 0
        ? undefined
        : composeInterceptors(policy.interceptors, (view) => this.#innermost(view));
    this.#idPrefix = Math.floor(runtime.random() * 2 ** 40).toString(36);
  }

  get capabilities(): TransportCapabilities {
    return this.#context.transport.capabilities;
  }

  get runtime(): Runtime {
    return this.#context.runtime;
  }

  /** Makes a unary call. `options` have been checked. */
  async unary<I, O>(spec: CallSpec<I, O>, options: CallOptions): Promise<O> {
    const call = this.#open(spec, options);
    try {
      const reply = await call.scope.run(() => this.#pass(call));
      const message = (reply as { message: unknown }).message as O;
      this.#report(call, options, spec.warningsOf?.(message) ?? []);
      return message;
    } catch (reason) {
      throw this.#fail(call, reason);
    } finally {
      this.#leave(call.scope);
    }
  }

  /** Makes a server-streaming call, when it is iterated. `options` have been checked. */
  async *stream<I, O>(spec: CallSpec<I, O>, options: CallOptions): AsyncGenerator<O> {
    const call = this.#open(spec, options);
    let iterator: AsyncIterator<unknown> | undefined;
    let abandoned = false;
    let left = true;
    try {
      const reply = await call.scope.run(() => this.#pass(call));
      iterator = (reply as { messages: AsyncIterable<unknown> }).messages[Symbol.asyncIterator]();
      const source = iterator;
      for (;;) {
        const step = await call.scope.run(() => source.next());
        if (step.done) break;
        yield step.value as O;
      }
      left = false;
      this.#report(call, options, []);
    } catch (reason) {
      left = false;
      abandoned = reason instanceof CallEnded;
      throw this.#fail(call, reason);
    } finally {
      this.#leave(call.scope);
      if (left) this.#report(call, {}, ["the caller left the stream"]);
      // After an abort the source may still be busy with its last step, which nobody waits for.
      const returned = iterator?.return?.();
      if (abandoned) returned?.catch(() => {});
      else await returned;
    }
  }

  /**
   * Does work that makes several calls, within a time of its own; the client's
   * closing ends it too. Rejects with `CallEnded` when it is ended from outside.
   */
  async within<T>(
    timeoutMs: number,
    signal: AbortSignalLike | undefined,
    work: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    const scope = this.#enter(timeoutMs, signal);
    try {
      return await scope.run(() => work(scope));
    } finally {
      this.#leave(scope);
    }
  }

  /** Cancels every call in flight and closes the transport. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const scope of this.#active) scope.end({ kind: "closed" });
    await this.#context.transport.close();
  }

  #open<I, O>(spec: CallSpec<I, O>, options: CallOptions): ActiveCall<I, O> {
    const { timeoutMs, retry, hedge } = this.#policy;
    const { runtime, transport } = this.#context;
    const requestId = `${this.#idPrefix}-${(++this.#calls).toString(36)}`;
    const scope = this.#enter(options.timeoutMs ?? timeoutMs, options.signal);
    const call: ActiveCall<I, O> = {
      spec,
      scope,
      log: new AttemptLog(runtime),
      retry: options.retry === undefined ? retry : resolveRetry("options.retry", options.retry, retry),
      hedge: options.hedge === undefined ? hedge : resolveHedge("options.hedge", options.hedge),
      headers: {
        "x-request-id": requestId,
        ...(options.headers && requireHeaders("options.headers", options.headers)),
      },
      observers: [...this.#policy.observers],
      lastFailure: undefined,
      info: {
        service: spec.method.service,
        method: spec.method.name,
        kind: spec.method.kind === "unary" ? "unary" : "stream",
        collection: spec.collection,
        requestId,
        transport: transport.capabilities.name,
        endpoint: transport.capabilities.endpoint,
      },
    };
    notify(call.observers, (observer) => observer.callStarted?.(call.info));
    return call;
  }

  #viewOf<I, O>(call: ActiveCall<I, O>): TiedCall {
    return {
      ...call.info,
      headers: call.headers,
      signal: call.scope.signal,
      deadline: call.scope.deadline,
      observe: (observer) => call.observers.push(observer),
      [ACTIVE_CALL]: call,
    };
  }

  #pass(call: AnyCall): Promise<InterceptorReply> {
    return this.#intercepted === undefined
      ? this.#attempt(call, call.headers)
      : this.#intercepted(this.#viewOf(call));
  }

  #innermost(view: InterceptorCall): Promise<InterceptorReply> {
    const call = (view as TiedCall)[ACTIVE_CALL];
    if (call === undefined) throw new TypeError("an interceptor must pass on the call that it was given");
    return this.#attempt(call, view.headers);
  }

  async #attempt(call: AnyCall, headers: Metadata): Promise<InterceptorReply> {
    try {
      if (call.info.kind === "unary") {
        const plan = unaryPlan(call, this.#context, headers);
        const { message } = await attemptUntilSettled(call, this.#context, plan);
        return { kind: "unary", message };
      }
      const plan = streamPlan(call, this.#context, headers);
      const opened = await attemptUntilSettled(call, this.#context, plan);
      return { kind: "stream", messages: messagesOf(call, opened) };
    } catch (error) {
      // Failures of attempts have their call's facts already; the token source's have not.
      if (error instanceof AuthenticationError && error.method === undefined) throw errorOfToken(call, error);
      throw error;
    }
  }

  #report(call: AnyCall, options: CallOptions, warnings: readonly string[]): void {
    if (options.onResponse === undefined && call.observers.length === 0) return;
    const attempts = call.log.records({
      code: "CANCELLED",
      message: "another copy won",
      requestSent: "unknown",
    });
    const { requestId } = call.info;
    const durationMs = call.log.elapsedMs;
    notify(call.observers, (observer) =>
      observer.callEnded?.(call.info, { requestId, attempts, warnings, durationMs, error: undefined }),
    );
    options.onResponse?.({ requestId, attempts, warnings });
  }

  #fail(call: AnyCall, reason: unknown): unknown {
    const failure = reason instanceof CallEnded ? errorOfEnd(call, reason.end) : reason;
    const error = failure instanceof Error ? failure : new Error(String(failure));
    const attempts = failure instanceof VectronError ? failure.attempts : [];
    const { requestId } = call.info;
    const durationMs = call.log.elapsedMs;
    notify(call.observers, (observer) =>
      observer.callEnded?.(call.info, { requestId, attempts, warnings: [], durationMs, error }),
    );
    return failure;
  }

  #enter(timeoutMs: number, signal: AbortSignalLike | undefined): CallScope {
    const scope = new CallScope(this.#context.runtime, timeoutMs, signal);
    if (this.#closing !== undefined) scope.end({ kind: "closed" });
    this.#active.add(scope);
    return scope;
  }

  #leave(scope: CallScope): void {
    scope.release();
    this.#active.delete(scope);
  }
}

import type { TokenSource } from "../auth/token-source.ts";
import { AuthenticationError } from "../errors/error-classes.ts";
import { textOf } from "../errors/text-of.ts";
import { LightAbort } from "../runtime/light-abort.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";
import type { ErrorCode } from "../transport/status-code.ts";
import type { Metadata, Transport, TransportCapabilities } from "../transport/transport.ts";
import { type ActiveCall, ATTEMPT_SUPERSEDED, type CallSpec, endOpenAttempts } from "./active-call.ts";
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
import { type CallObserver, type CallResult, notify } from "./observer.ts";
import { RetryBudget } from "./retry-budget.ts";
import { type RetryPolicy, resolveRetry } from "./retry-options.ts";
import { abandon, messagesOf, type SendContext, streamPlan, unaryPlan } from "./send.ts";

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
  readonly #closed = new LightAbort();
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

  /** Whether the server is another program, which may be a stock one. */
  get isRemote(): boolean {
    return this.capabilities.name !== "in-process";
  }

  get runtime(): Runtime {
    return this.#context.runtime;
  }

  /** How long a call may take that says nothing else, in milliseconds. */
  get timeoutMs(): number {
    return this.#policy.timeoutMs;
  }

  /** Codes that the client retries, where a call does not say otherwise. */
  get retryCodes(): ReadonlySet<ErrorCode> {
    return this.#policy.retry.codes;
  }

  /** Aborted when the client is closed. */
  get closed(): AbortSignalLike {
    return this.#closed;
  }

  /** Makes a unary call. `options` have been checked. */
  async unary<I, O>(spec: CallSpec<I, O>, options: CallOptions): Promise<O> {
    const call = this.#open(spec, options);
    let message: O;
    let warnings: readonly string[];
    try {
      const reply = await this.#pass(call);
      message = (reply as { message: unknown }).message as O;
      warnings = spec.warningsOf?.(message) ?? [];
    } catch (reason) {
      throw this.#fail(call, reason);
    }
    this.#succeed(call, options, warnings);
    return message;
  }

  /** Makes a server-streaming call, when it is iterated. `options` have been checked. */
  async *stream<I, O>(spec: CallSpec<I, O>, options: CallOptions): AsyncGenerator<O> {
    const call = this.#open(spec, options);
    this.#settleAtEnd(call);
    let source: AsyncIterator<unknown> | undefined;
    let warnings: readonly string[] = [];
    let left = true;
    try {
      const reply = await this.#pass(call);
      const iterator = (reply as { messages: AsyncIterable<unknown> }).messages[Symbol.asyncIterator]();
      source = iterator;
      // Interceptors may have wrapped the messages, and hang as well as the transport.
      const next = () => call.scope.run(() => iterator.next());
      for (let step = await next(); !step.done; step = await next()) {
        warnings = spec.warningsOf?.(step.value as O) ?? [];
        yield step.value as O;
      }
      left = false;
    } catch (reason) {
      left = false;
      if (source !== undefined) abandon(source);
      throw this.#fail(call, reason);
    } finally {
      if (left) await this.#leaveStream(call, source);
    }
    this.#succeed(call, options, warnings);
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
      scope.finish();
      this.#active.delete(scope);
    }
  }

  /** Cancels every call in flight and closes the transport. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    for (const scope of this.#active) scope.end({ kind: "closed" });
    this.#closed.abort();
    await this.#context.transport.close();
  }

  #open<I, O>(spec: CallSpec<I, O>, options: CallOptions): ActiveCall<I, O> {
    const { timeoutMs, retry, hedge } = this.#policy;
    const { runtime, transport } = this.#context;
    const requestId = `${this.#idPrefix}-${(++this.#calls).toString(36)}`;
    const observers: CallObserver[] = [];
    notify(this.#policy.observers, (observer) => {
      if (observer.watches?.() !== false) observers.push(observer);
    });
    const scope = this.#enter(options.timeoutMs ?? timeoutMs, options.signal);
    const call: ActiveCall<I, O> = {
      spec,
      scope,
      log: new AttemptLog(runtime),
      retry: options.retry === undefined ? retry : resolveRetry("options.retry", options.retry, retry),
      hedge: options.hedge === undefined ? hedge : resolveHedge("options.hedge", options.hedge, hedge),
      headers: {
        "x-request-id": requestId,
        ...(options.headers && requireHeaders("options.headers", options.headers)),
      },
      observers,
      uncounted: 0,
      lastFailure: undefined,
      endError: undefined,
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
      signal: call.scope.platformSignal,
      deadline: call.scope.deadline,
      observe: (observer) => call.observers.push(observer),
      [ACTIVE_CALL]: call,
    };
  }

  #pass(call: AnyCall): Promise<InterceptorReply> {
    const intercepted = this.#intercepted;
    if (intercepted === undefined) return this.#attempt(call, call.headers);
    // Ended here too, as an interceptor may hang.
    return call.scope.run(() => intercepted(this.#viewOf(call)));
  }

  #innermost(view: InterceptorCall): Promise<InterceptorReply> {
    const call = (view as TiedCall)[ACTIVE_CALL];
    if (call === undefined) throw new TypeError("an interceptor must pass on the call that it was given");
    return this.#attempt(call, view.headers);
  }

  async #attempt(call: AnyCall, headers: Metadata): Promise<InterceptorReply> {
    try {
      return await call.scope.run(() => this.#send(call, headers));
    } catch (error) {
      if (error instanceof CallEnded) throw errorOfEnd(call, error.end);
      // Failures of attempts have their call's facts already; the token source's have not.
      if (error instanceof AuthenticationError && error.method === undefined) throw errorOfToken(call, error);
      throw error;
    }
  }

  async #send(call: AnyCall, headers: Metadata): Promise<InterceptorReply> {
    if (call.info.kind === "unary") {
      const plan = unaryPlan(call, this.#context, headers);
      const { message } = await attemptUntilSettled(call, this.#context, plan);
      return { kind: "unary", message };
    }
    const plan = streamPlan(call, this.#context, headers);
    const opened = await attemptUntilSettled(call, this.#context, plan);
    return { kind: "stream", messages: messagesOf(call, opened) };
  }

  /** The caller has left the loop over a stream: that cancels the call on the wire. */
  async #leaveStream(call: AnyCall, source: AsyncIterator<unknown> | undefined): Promise<void> {
    try {
      await call.scope.run(async () => source?.return?.());
    } catch {
      // What goes wrong with a stream that nobody reads any more is of no interest.
    }
    call.scope.end({ kind: "over" });
    this.#succeed(call, {}, []);
  }

  #succeed(call: AnyCall, options: CallOptions, warnings: readonly string[]): void {
    call.scope.finish();
    this.#settle(call, { error: undefined, warnings });
    const { requestId } = call.info;
    options.onResponse?.({ requestId, attempts: call.log.records, warnings });
  }

  #fail(call: AnyCall, reason: unknown): unknown {
    const failure = reason instanceof CallEnded ? errorOfEnd(call, reason.end) : reason;
    call.scope.end({ kind: "over" });
    const error = failure instanceof Error ? failure : new Error(textOf(failure));
    this.#settle(call, { error, warnings: [] });
    return failure;
  }

  /** Ends the books on a stream when its time is up, though nobody may read it any more. */
  #settleAtEnd(call: AnyCall): void {
    const { signal } = call.scope;
    signal.addEventListener("abort", () => {
      const { end } = signal.reason as CallEnded;
      if (end.kind !== "over") this.#settle(call, { error: errorOfEnd(call, end), warnings: [] });
    });
  }

  /** Ends the books on a call, once. */
  #settle(call: AnyCall, result: Pick<CallResult, "error" | "warnings">): void {
    if (!this.#active.delete(call.scope)) return;
    endOpenAttempts(call, ATTEMPT_SUPERSEDED);
    if (call.observers.length === 0) return;
    const { info, log } = call;
    const facts = { requestId: info.requestId, attempts: log.records, durationMs: log.elapsedMs };
    notify(call.observers, (observer) => observer.callEnded?.(info, { ...facts, ...result }));
  }

  #enter(timeoutMs: number, signal: AbortSignalLike | undefined): CallScope {
    const scope = new CallScope(this.#context.runtime, timeoutMs, signal);
    if (this.#closing !== undefined) scope.end({ kind: "closed" });
    this.#active.add(scope);
    return scope;
  }
}

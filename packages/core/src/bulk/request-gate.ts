import type { CallOptions } from "../call/call-options.ts";
import type { CallRunner } from "../call/call-runner.ts";
import { readPushBack } from "../call/push-back.ts";
import type { RetryOptions } from "../call/retry-options.ts";
import { ResourceExhaustedError } from "../errors/error-classes.ts";
import { type AttemptRecord, VectronError } from "../errors/vectron-error.ts";
import type { Timer } from "../runtime/runtime.ts";
import type { ErrorCode } from "../transport/status-code.ts";
import { ConcurrencyLimit, type LoadSign } from "./concurrency-limit.ts";
import { RequestPace } from "./request-pace.ts";

/** How a gate lets requests through. */
export interface GateOptions {
  /** How many requests are under way at once, at most. */
  readonly concurrency: number;
  /** How many at the beginning. Default 1, so that the first answers show how fast the server is without queues. */
  readonly startConcurrency?: number | undefined;
  /** The retry options of the requests. */
  readonly retry?: RetryOptions | undefined;
}

/** Failures that a server with less to do would not have had. */
const OVERLOAD_CODES: readonly (ErrorCode | "OK")[] = [
  "UNAVAILABLE",
  "RESOURCE_EXHAUSTED",
  "DEADLINE_EXCEEDED",
];
const RATE_LIMIT_CODE: ErrorCode = "RESOURCE_EXHAUSTED";
/** How long a rate limit may refuse everything: longer than the windows of a minute that some proxies have. */
const PATIENCE_MS = 120_000;

/**
 * Where the requests of one bulk operation pass: as many at once, and as many a
 * second, as the server bears. A request that the rate limit refused comes back
 * into the queue.
 */
export class RequestGate {
  readonly #runner: CallRunner;
  readonly #limit: ConcurrencyLimit;
  readonly #pace: RequestPace;
  readonly #retry: RetryOptions;
  readonly #requeues: boolean;
  readonly #queue: ((request: number) => void)[] = [];
  #timer: Timer | undefined;
  #begun = 0;
  #begunAtRefusal = 0;
  #refusedSinceMs: number | undefined;
  #lifted = false;

  constructor(runner: CallRunner, options: GateOptions) {
    const codes = [...(options.retry?.codes ?? runner.retryCodes)];
    this.#runner = runner;
    this.#limit = new ConcurrencyLimit(options.concurrency, options.startConcurrency ?? 1);
    this.#pace = new RequestPace(runner.runtime);
    this.#requeues = codes.includes(RATE_LIMIT_CODE);
    this.#retry = { ...options.retry, codes: codes.filter((code) => code !== RATE_LIMIT_CODE) };
  }

  /** How many requests may be under way at once just now. */
  get concurrency(): number {
    return this.#limit.current;
  }

  /** How many requests are under way. */
  get inFlight(): number {
    return this.#limit.inFlight;
  }

  /**
   * Makes one request when its turn has come.
   *
   * @param call - makes it, with the options that it is given
   * @param comparable - whether it is as much work for the server as the others, so that its latency tells something
   */
  async run<O>(
    options: CallOptions,
    call: (options: CallOptions) => Promise<O>,
    comparable = true,
  ): Promise<O> {
    for (;;) {
      const request = await this.#turn();
      let attempts: readonly AttemptRecord[] = [];
      try {
        const reply = await call({
          ...options,
          retry: this.#retry,
          onResponse: (info) => {
            attempts = info.attempts;
            options.onResponse?.(info);
          },
        });
        this.#answered(request, attempts, comparable);
        return reply;
      } catch (error) {
        if (!this.#failed(request, error)) throw error;
      }
    }
  }

  /** Lets everyone through from now on, those who wait among them. */
  lift(): void {
    this.#lifted = true;
    this.#admit();
  }

  #turn(): Promise<number> {
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      this.#admit();
    });
  }

  #admit(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    while (this.#queue.length > 0 && (this.#lifted || this.#limit.hasRoom)) {
      const { delayMs } = this.#pace;
      if (delayMs > 0 && !this.#lifted) {
        this.#timer = this.#runner.runtime.setTimer(() => this.#admit(), delayMs);
        return;
      }
      this.#pace.sent();
      this.#begun = this.#limit.begin();
      this.#queue.shift()?.(this.#begun);
    }
  }

  #answered(request: number, attempts: readonly AttemptRecord[], comparable: boolean): void {
    const overloaded = attempts.some(({ code }) => OVERLOAD_CODES.includes(code));
    const latencyMs = comparable && attempts.length === 1 ? attempts[0]?.durationMs : undefined;
    this.#passed();
    this.#end(request, overloaded ? "overloaded" : "answered", latencyMs);
  }

  /** Returns whether the request is to be made again. */
  #failed(request: number, error: unknown): boolean {
    if (isRateLimit(error)) return this.#refused(request, error);
    const overloaded = error instanceof VectronError && OVERLOAD_CODES.includes(error.code);
    // What else a server answers comes from behind its rate limit.
    if (error instanceof VectronError && error.attempts.length > 0 && !overloaded) this.#passed();
    this.#end(request, overloaded ? "overloaded" : "unrelated");
    return false;
  }

  #refused(request: number, error: ResourceExhaustedError): boolean {
    const now = this.#runner.runtime.now();
    const pushBack = readPushBack(error.metadata, now);
    const pauseMs = typeof pushBack === "number" ? pushBack : undefined;
    // Requests that were under way at a refusal share its cause: together they count as one.
    if (request > this.#begunAtRefusal || pauseMs !== undefined) this.#pace.refused(pauseMs);
    this.#begunAtRefusal = this.#begun;
    this.#refusedSinceMs ??= now;
    this.#end(request, "overloaded");
    const patient = now + this.#pace.delayMs - this.#refusedSinceMs <= PATIENCE_MS;
    return this.#requeues && pushBack !== "stop" && patient;
  }

  #passed(): void {
    this.#pace.accepted();
    this.#refusedSinceMs = undefined;
  }

  #end(request: number, sign: LoadSign, latencyMs?: number): void {
    this.#limit.end(request, sign, latencyMs);
    this.#admit();
  }
}

/** A call's `RESOURCE_EXHAUSTED` is retryable unless a message was too large. */
function isRateLimit(error: unknown): error is ResourceExhaustedError {
  return error instanceof ResourceExhaustedError && error.retryable;
}

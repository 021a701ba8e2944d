import type { ErrorCode } from "../transport/status-code.ts";
import type { Metadata } from "../transport/transport.ts";
import { type RequestSent, TransportFailure } from "../transport/transport-failure.ts";

/** When a step takes effect, and whether it can be called off. */
export interface StepOptions {
  /** How long the step takes, in milliseconds; `Infinity`: for ever. Default 0. */
  readonly afterMs?: number | undefined;
  /** Whether the step goes on when the attempt is aborted, as no transport should. Default false. */
  readonly ignoreAbort?: boolean | undefined;
}

/** Options of a `reply` step. */
export interface ReplyOptions extends StepOptions {
  /** Headers and trailers of the reply. Default: none. */
  readonly metadata?: Metadata | undefined;
}

/** Options of a `fail` step. */
export interface FailOptions extends StepOptions {
  /** The server's text. Default: `scripted <CODE>`. */
  readonly message?: string | undefined;
  /** Headers and trailers, such as `retry-after`. Default: none. */
  readonly metadata?: Metadata | undefined;
  /** Whether the request can have reached the server. Default `"yes"`. */
  readonly requestSent?: RequestSent | undefined;
  /** The platform's own error. Default: none. */
  readonly cause?: unknown;
}

/** Options of a `stream` step. */
export interface StreamOptions extends StepOptions {
  /** How long each message after the first takes, in milliseconds. Default 0. */
  readonly everyMs?: number | undefined;
  /** What comes after the last message: a `fail` cuts the stream, a `hang` leaves it open. Default: its end. */
  readonly end?: FailStep | undefined;
}

/** Options of a `pass` step. */
export interface PassOptions extends StepOptions {
  /** How the attempt fails once the transport behind has answered: the answer is lost. Default: it is not. */
  readonly lost?: FailStep | undefined;
}

/** A reply's message, or a function that makes it from the request. */
export type Scripted<I, O> = O | ((request: I) => O);

/** The attempt succeeds. */
export interface ReplyStep<I, O> {
  readonly kind: "reply";
  readonly message: Scripted<I, O> | undefined;
  readonly options: ReplyOptions;
}

/** A stream brings messages. */
export interface StreamStep<I, O> {
  readonly kind: "stream";
  readonly messages: readonly Scripted<I, O>[];
  readonly options: StreamOptions;
}

/** The attempt fails with a status. */
export interface FailStep {
  readonly kind: "fail";
  readonly code: ErrorCode;
  readonly options: FailOptions;
}

/** The transport breaks its contract. */
export interface CrashStep {
  readonly kind: "crash";
  readonly error: unknown;
  readonly options: StepOptions;
}

/** The attempt is made by the transport behind. */
export interface PassStep {
  readonly kind: "pass";
  readonly options: PassOptions;
}

/** What one attempt of a method with request `I` and reply `O` does. */
export type Step<I = never, O = object> =
  | ReplyStep<I, O>
  | StreamStep<I, O>
  | FailStep
  | CrashStep
  | PassStep;

/**
 * The attempt succeeds.
 *
 * @param message - the reply as the wire has it, complete, such as `{ upserted: 2 }` for Upsert, or a
 * function of the request that makes it. Default: the method's plainest success.
 */
export function reply<I, O>(message?: Scripted<I, O>, options: ReplyOptions = {}): ReplyStep<I, O> {
  return { kind: "reply", message, options };
}

/** A stream brings these messages, each complete as the wire has it. */
export function stream<I, O>(
  messages: readonly Scripted<I, O>[],
  options: StreamOptions = {},
): StreamStep<I, O> {
  return { kind: "stream", messages, options };
}

/** The attempt fails with a status. */
export function fail(code: ErrorCode, options: FailOptions = {}): FailStep {
  return { kind: "fail", code, options };
}

/** Nothing comes back until the attempt is aborted; with `ignoreAbort`, not even then. */
export function hang(options: Pick<StepOptions, "ignoreAbort"> = {}): FailStep {
  return fail("CANCELLED", { ...options, afterMs: Number.POSITIVE_INFINITY });
}

/** The transport breaks its contract: it throws something that is no `TransportFailure`. */
export function crash(error: unknown, options: StepOptions = {}): CrashStep {
  return { kind: "crash", error, options };
}

/** The attempt is made by the transport behind; see `ScriptedTransportOptions.behind`. */
export function pass(options: PassOptions = {}): PassStep {
  return { kind: "pass", options };
}

/** A `fail` step as what a transport throws. */
export function failureOf({ code, options }: FailStep): TransportFailure {
  const { message = `scripted ${code}`, metadata, requestSent = "yes", cause } = options;
  return new TransportFailure(code, message, { metadata, requestSent, cause });
}

import { refuseUnknownKeys, requireFunction, requireObject } from "../data/checks.ts";
import { InvalidArgumentError } from "../errors/error-classes.ts";
import { describeValue, invalidArgument } from "../errors/invalid-argument.ts";
import type { AttemptRecord } from "../errors/vectron-error.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";
import { type HedgeOptions, resolveHedge } from "./hedge-options.ts";
import { type RetryOptions, resolveRetry } from "./retry-options.ts";

/** The longest delay that timers support, about 24.8 days. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The last parameter of every method. */
export interface CallOptions {
  /** Aborting it ends the call with a `CancelledError`. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * How long the whole call may take, attempts and pauses included, in
   * milliseconds; in bulk and *Many calls, each request. Default: the client's,
   * which is 10,000.
   */
  readonly timeoutMs?: number | undefined;
  /** Headers to send, beside the client's own. None may be its own or a connection's; for `authorization` see `auth`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Changes the client's retry options for this call. */
  readonly retry?: RetryOptions | undefined;
  /** Changes the client's hedging for this call. */
  readonly hedge?: HedgeOptions | boolean | undefined;
  /** Receives what there is to know of a call that succeeded. What it throws, the call rejects with. */
  readonly onResponse?: ((info: ResponseInfo) => void) | undefined;
}

/** What `onResponse` receives. */
export interface ResponseInfo {
  /** Sent as `x-request-id`. */
  readonly requestId: string;
  /** Every attempt, the one that succeeded among them. */
  readonly attempts: readonly AttemptRecord[];
  /** What the caller should know of the result, such as that it may be partial. */
  readonly warnings: readonly string[];
}

const CALL_OPTION_KEYS: readonly (keyof CallOptions)[] = [
  "signal",
  "timeoutMs",
  "headers",
  "retry",
  "hedge",
  "onResponse",
];

/**
 * Headers that are the client's, and those of a connection that come along when a
 * server passes on the headers of a request that it got.
 */
const RESERVED_HEADERS =
  /^(authorization|x-request-id|accept|content-(type|length)|te|grpc-timeout|connect-.*|user-agent|host|connection|keep-alive|transfer-encoding)$/;
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
const HEADER_VALUE = /^[\x20-\x7e]*$/;

/** Checks what a caller passed; the result may be trusted. */
export function checkCallOptions(options: CallOptions): CallOptions {
  requireObject("options", options);
  refuseUnknownKeys("options", options, CALL_OPTION_KEYS);
  const { signal, timeoutMs, headers, retry, hedge, onResponse } = options;
  if (signal !== undefined) requireSignal("options.signal", signal);
  if (timeoutMs !== undefined) requireTimeout("options.timeoutMs", timeoutMs);
  if (headers !== undefined) requireHeaders("options.headers", headers);
  if (retry !== undefined) resolveRetry("options.retry", retry);
  if (hedge !== undefined) resolveHedge("options.hedge", hedge);
  if (onResponse !== undefined) requireFunction("options.onResponse", onResponse);
  return options;
}

/** Returns `value` if it can be a deadline: more than 0 milliseconds, and no more than timers support. */
export function requireTimeout(argument: string, value: unknown): number {
  if (typeof value === "number" && value > 0 && value <= MAX_TIMEOUT_MS) return value;
  throw invalidArgument(argument, value, `a number of milliseconds above 0 and up to ${MAX_TIMEOUT_MS}`);
}

/** Returns the headers in lower case, if each can be sent and none is this package's own to set. */
export function requireHeaders(argument: string, headers: unknown): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(requireObject(argument, headers as Record<string, unknown>))) {
    const key = name.toLowerCase();
    if (!HEADER_NAME.test(key))
      throw new InvalidArgumentError(
        `${argument} has a name that no header can have: ${describeValue(name)}`,
      );
    if (RESERVED_HEADERS.test(key))
      throw new InvalidArgumentError(`${argument} may not set "${key}": the client sets it`);
    // The value may be a secret, so the message does not show it.
    if (typeof value !== "string" || !HEADER_VALUE.test(value)) {
      throw new InvalidArgumentError(`${argument}["${key}"] must be a string of printable ASCII characters`);
    }
    checked[key] = value;
  }
  return checked;
}

/** Throws unless `value` is an abort signal. */
export function requireSignal(argument: string, value: AbortSignalLike): void {
  if (
    typeof value === "object" &&
    value !== null &&
    typeof value.addEventListener === "function" &&
    typeof value.aborted === "boolean"
  )
    return;
  throw invalidArgument(argument, value, "an AbortSignal");
}

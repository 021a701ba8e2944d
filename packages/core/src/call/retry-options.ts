import {
  refuseUnknownKeys,
  requireBoolean,
  requireInteger,
  requireNumber,
  requireObject,
  requireOneOf,
} from "../data/checks.ts";
import { InvalidArgumentError } from "../errors/error-classes.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";
import { type ErrorCode, STATUS_CODES } from "../transport/status-code.ts";

/** When and how a failed call is made again. Each option has its own default. */
export interface RetryOptions {
  /** How many times a request is sent at most, the first included. 1 turns retries off. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** The pause before the first retry, at most. Default 100. */
  readonly initialDelayMs?: number | undefined;
  /** The longest pause that grows out of `multiplier`. Default 2,000. */
  readonly maxDelayMs?: number | undefined;
  /** What each pause is multiplied by to give the next. Default 2. */
  readonly multiplier?: number | undefined;
  /**
   * The share of each pause that is random, from 0 (none) to 1 ("full jitter",
   * which spreads clients that failed together). Default 1.
   */
  readonly jitter?: number | undefined;
  /**
   * Codes that a retry may cure. Default `UNAVAILABLE`, `RESOURCE_EXHAUSTED` (a
   * rate limit, never a message that is too large) and `DEADLINE_EXCEEDED` (when
   * the server sent it while time remains).
   */
  readonly codes?: readonly ErrorCode[] | undefined;
  /**
   * Whether calls whose repetition is not harmless are repeated too after a
   * failure that leaves open whether they took effect. Default false.
   */
  readonly nonIdempotent?: boolean | undefined;
  /** Another name of `nonIdempotent`. */
  readonly retryOnWrites?: boolean | undefined;
}

/** Retry options with every default filled in. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly multiplier: number;
  readonly jitter: number;
  readonly codes: ReadonlySet<ErrorCode>;
  readonly nonIdempotent: boolean;
}

/** The policy of a client that was told nothing. */
export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 3,
  initialDelayMs: 100,
  maxDelayMs: 2_000,
  multiplier: 2,
  jitter: 1,
  codes: new Set<ErrorCode>(["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"]),
  nonIdempotent: false,
};

const RETRY_KEYS: readonly (keyof RetryOptions)[] = [
  "maxAttempts",
  "initialDelayMs",
  "maxDelayMs",
  "multiplier",
  "jitter",
  "codes",
  "nonIdempotent",
  "retryOnWrites",
];

const LONGEST_DELAY_MS = 3_600_000;

/** Checks the options and lays them over `base`. */
export function resolveRetry(argument: string, options: RetryOptions, base = DEFAULT_RETRY): RetryPolicy {
  requireObject(argument, options);
  refuseUnknownKeys(argument, options, RETRY_KEYS);
  const given = <T>(key: keyof RetryOptions, fallback: T, check: (name: string, value: unknown) => T): T =>
    options[key] === undefined ? fallback : check(`${argument}.${key}`, options[key]);
  const delay = (name: string, value: unknown) => requireNumber(name, value, 0, LONGEST_DELAY_MS);

  const policy: RetryPolicy = {
    maxAttempts: given("maxAttempts", base.maxAttempts, (name, value) => requireInteger(name, value, 1, 100)),
    initialDelayMs: given("initialDelayMs", base.initialDelayMs, delay),
    maxDelayMs: given("maxDelayMs", base.maxDelayMs, delay),
    multiplier: given("multiplier", base.multiplier, (name, value) => requireNumber(name, value, 1, 100)),
    jitter: given("jitter", base.jitter, (name, value) => requireNumber(name, value, 0, 1)),
    codes: given("codes", base.codes, requireCodes),
    nonIdempotent: given(
      "retryOnWrites",
      given("nonIdempotent", base.nonIdempotent, requireBoolean),
      requireBoolean,
    ),
  };
  if (options.nonIdempotent !== undefined && options.retryOnWrites !== undefined) {
    throw new InvalidArgumentError(
      `${argument} has both nonIdempotent and retryOnWrites, which are one option`,
    );
  }
  if (policy.initialDelayMs > policy.maxDelayMs) {
    throw new InvalidArgumentError(
      `${argument}.initialDelayMs (${policy.initialDelayMs}) must not be above maxDelayMs (${policy.maxDelayMs})`,
    );
  }
  return policy;
}

function requireCodes(argument: string, value: unknown): ReadonlySet<ErrorCode> {
  if (!Array.isArray(value)) throw invalidArgument(argument, value, "an array of gRPC code names");
  const codes = STATUS_CODES.filter((code): code is ErrorCode => code !== "OK");
  return new Set(value.map((code, index) => requireOneOf(`${argument}[${index}]`, code, codes)));
}

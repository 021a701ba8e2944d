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
  /**
   * How many times a request is sent at most, the first included. 1 turns retries
   * and hedging off; what does not count is the one repeat with a renewed token,
   * and the polls of shards that are not ready. In an outage the client's budget
   * ends the retries of a call after five failures. Default 3.
   */
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

/** What each option has to be. */
const CHECKS: {
  readonly [K in keyof RetryOptions]-?: (
    argument: string,
    value: unknown,
  ) => K extends keyof RetryPolicy ? RetryPolicy[K] : unknown;
} = {
  maxAttempts: (argument, value) => requireInteger(argument, value, 1, 100),
  initialDelayMs: requireDelay,
  maxDelayMs: requireDelay,
  multiplier: (argument, value) => requireNumber(argument, value, 1, 100),
  jitter: (argument, value) => requireNumber(argument, value, 0, 1),
  codes: requireCodes,
  nonIdempotent: requireBoolean,
  retryOnWrites: requireBoolean,
};

/** Checks the options and lays them over `base`. */
export function resolveRetry(argument: string, options: RetryOptions, base = DEFAULT_RETRY): RetryPolicy {
  requireObject(argument, options);
  refuseUnknownKeys(argument, options, Object.keys(CHECKS));
  const policy: Record<string, unknown> & RetryPolicy = { ...base };
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = options[name as keyof RetryOptions];
    if (value === undefined) continue;
    policy[name === "retryOnWrites" ? "nonIdempotent" : name] = check(`${argument}.${name}`, value);
  }
  if (options.nonIdempotent !== undefined && options.retryOnWrites !== undefined) {
    throw new InvalidArgumentError(`${argument} has both nonIdempotent and retryOnWrites: give one of them`);
  }
  if (policy.initialDelayMs > policy.maxDelayMs) {
    throw new InvalidArgumentError(
      `${argument}.initialDelayMs (${policy.initialDelayMs}) must not be above maxDelayMs (${policy.maxDelayMs})`,
    );
  }
  return policy;
}

function requireDelay(argument: string, value: unknown): number {
  return requireNumber(argument, value, 0, 3_600_000);
}

function requireCodes(argument: string, value: unknown): ReadonlySet<ErrorCode> {
  if (!Array.isArray(value)) throw invalidArgument(argument, value, "an array of gRPC code names");
  const codes = STATUS_CODES.filter((code): code is ErrorCode => code !== "OK");
  return new Set(value.map((code, index) => requireOneOf(`${argument}[${index}]`, code, codes)));
}

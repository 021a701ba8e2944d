import { providedTokens } from "../auth/on-demand-tokens.ts";
import type { TokenProvider } from "../auth/token-provider.ts";
import { requireToken, staticToken, type TokenSource } from "../auth/token-source.ts";
import { requireTimeout } from "../call/call-options.ts";
import type { CallPolicy } from "../call/call-runner.ts";
import { type HedgeOptions, resolveHedge } from "../call/hedge-options.ts";
import type { Interceptor } from "../call/interceptor.ts";
import type { CallObserver } from "../call/observer.ts";
import { DEFAULT_RETRY, type RetryOptions, resolveRetry } from "../call/retry-options.ts";
import {
  MAX_INT32,
  refuseUnknownKeys,
  requireFunction,
  requireInteger,
  requireObject,
} from "../data/checks.ts";
import { InvalidArgumentError } from "../errors/error-classes.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";
import type { Logger } from "../observe/logger.ts";
import { loggingObserver } from "../observe/logging-observer.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** The options that clients of every runtime share. */
export interface ClientOptions {
  /** The bearer token of every call, as a constant. Default: none. Excludes `auth`. */
  readonly apiKey?: string | undefined;
  /** The bearer token of every call, as a constant or from a provider that renews it. Excludes `apiKey`. */
  readonly auth?: string | TokenProvider | undefined;
  /** How long a call may take, attempts and pauses included, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** When and how failed calls are made again. */
  readonly retry?: RetryOptions | undefined;
  /** Whether slow reads are sent a second time; `true` means after 75 ms. Default false. */
  readonly hedge?: HedgeOptions | boolean | undefined;
  /** Wrap every call; the first is the outermost. Default: none. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Watch every call and its attempts. Default: none. */
  readonly observers?: readonly CallObserver[] | undefined;
  /** How many components every vector must have; others are refused before they are sent. Default: any number. */
  readonly expectedDimension?: number | undefined;
  /** Receives what happens, structured and without secrets. Default: nothing is logged. */
  readonly logger?: Logger | undefined;
}

/** The names of the options that clients of every runtime share. */
export const CLIENT_OPTION_NAMES: Readonly<Record<keyof ClientOptions, true>> = {
  apiKey: true,
  auth: true,
  timeoutMs: true,
  retry: true,
  hedge: true,
  interceptors: true,
  observers: true,
  expectedDimension: true,
  logger: true,
};

/** How long a call may take when nothing else is said. A stock server fails calls that have no deadline at all. */
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Parts a runtime package's flat options into those of every client and its own,
 * and refuses those that are neither by name. Undefined ones are left out.
 *
 * @param ownNames - the names of the package's own options
 */
export function splitClientOptions<T extends ClientOptions>(
  options: T,
  ownNames: readonly (keyof Omit<T, keyof ClientOptions> & string)[],
): { readonly client: ClientOptions; readonly own: Omit<T, keyof ClientOptions> } {
  requireObject("options", options);
  const shared = Object.keys(CLIENT_OPTION_NAMES);
  refuseUnknownKeys("options", options, [...ownNames, ...shared]);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    client: Object.fromEntries(given.filter(([name]) => shared.includes(name))) as ClientOptions,
    own: Object.fromEntries(given.filter(([name]) => !shared.includes(name))) as Omit<T, keyof ClientOptions>,
  };
}

/** The options of every client, checked and complete. */
export interface ResolvedClientOptions {
  readonly policy: CallPolicy;
  readonly expectedDimension: number | undefined;
  readonly logger: Logger | undefined;
}

/** Checks the options and fills in every default. */
export function resolveClientOptions(options: ClientOptions, runtime: Runtime): ResolvedClientOptions {
  requireObject("options", options);
  refuseUnknownKeys("options", options, Object.keys(CLIENT_OPTION_NAMES));
  const { timeoutMs, retry, hedge, expectedDimension, logger } = options;
  const observers = requireList("observers", options.observers, requireObject);
  return {
    policy: {
      tokens: resolveTokens(options, runtime),
      timeoutMs: timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : requireTimeout("timeoutMs", timeoutMs),
      retry: retry === undefined ? DEFAULT_RETRY : resolveRetry("retry", retry),
      hedge: hedge === undefined ? undefined : resolveHedge("hedge", hedge),
      interceptors: requireList("interceptors", options.interceptors, requireFunction),
      observers: logger === undefined ? observers : [...observers, loggingObserver(logger)],
    },
    expectedDimension:
      expectedDimension === undefined
        ? undefined
        : requireInteger("expectedDimension", expectedDimension, 1, MAX_INT32),
    logger: logger === undefined ? undefined : requireObject("logger", logger),
  };
}

function resolveTokens({ apiKey, auth }: ClientOptions, runtime: Runtime): TokenSource {
  if (apiKey !== undefined && auth !== undefined) {
    throw new InvalidArgumentError("options have both apiKey and auth: give one of them");
  }
  if (typeof auth === "function") return providedTokens(auth, runtime);
  if (typeof auth === "string") return staticToken(requireToken("auth", auth));
  if (auth !== undefined) throw new InvalidArgumentError("auth must be a token, or a function that gets one");
  return staticToken(apiKey === undefined ? undefined : requireToken("apiKey", apiKey));
}

function requireList<T>(
  argument: string,
  value: readonly T[] | undefined,
  check: (name: string, item: T & object) => unknown,
): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalidArgument(argument, value, "an array");
  value.forEach((item, index) => {
    check(`${argument}[${index}]`, item);
  });
  return value;
}

import type { Credentials } from "../auth/account-types.ts";
import { SharedWork } from "../auth/shared-work.ts";
import type { AccessToken, TokenProvider, TokenRequest } from "../auth/token-provider.ts";
import { requireToken } from "../auth/token-source.ts";
import { CallRunner } from "../call/call-runner.ts";
import { requireObject } from "../data/checks.ts";
import { AuthenticationError, InvalidArgumentError } from "../errors/error-classes.ts";
import { textOf } from "../errors/text-of.ts";
import { VectronError } from "../errors/vectron-error.ts";
import { type Runtime, systemRuntime } from "../runtime/runtime.ts";
import type { Transport } from "../transport/transport.ts";
import { type ClientOptions, type ResolvedClientOptions, resolveClientOptions } from "./client-options.ts";
import { createSdkToken, login, renewLogin, requireKeyPrefix, toLoginRequest } from "./operations/auth.ts";

/**
 * Whose tokens `sdkToken` gets:
 *
 * - `login`: login tokens of an account (24 hours on a stock server);
 * - `login` and `apiKeyPrefix`: SDK tokens of one of its keys (7 days), which end with the key;
 * - `apiKeyPrefix` and `token`: the same without a password. The token, a login or an SDK token of the
 *   account, is needed to begin with; each SDK token then gets its own successor, for as long as the
 *   program runs.
 */
export type SdkTokenSource =
  | {
      readonly login: Credentials;
      readonly apiKeyPrefix?: string | undefined;
      readonly token?: undefined;
    }
  | {
      readonly login?: undefined;
      readonly apiKeyPrefix: string;
      readonly token: string;
    };

/** How the calls for tokens are made. */
export interface SdkTokenCallOptions
  extends Pick<ClientOptions, "retry" | "interceptors" | "observers" | "logger"> {
  /** How long getting one token may take, all its calls included, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** What `sdkTokenProvider` needs. */
export interface SdkTokenSettings {
  readonly source: SdkTokenSource;
  /** Opens a transport to the auth service. One is opened for each token, and closed again. */
  readonly openTransport: () => Transport;
  readonly calls?: SdkTokenCallOptions | undefined;
  readonly runtime?: Runtime | undefined;
}

const SOURCE_NAMES = ["login", "apiKeyPrefix", "token"] as const;
const CALL_NAMES = ["timeoutMs", "retry", "interceptors", "observers", "logger"] as const;

/** The names of the options of `sdkToken` that are not about the transport. */
const SDK_TOKEN_OPTION_NAMES: readonly string[] = [...SOURCE_NAMES, ...CALL_NAMES];

/** Parts a runtime package's flat options of `sdkToken` into those of this module and the transport's. */
export function splitSdkTokenOptions<T extends SdkTokenCallOptions>(
  options: T & SdkTokenSource,
): {
  readonly source: SdkTokenSource;
  readonly calls: SdkTokenCallOptions;
  readonly own: Omit<T, keyof SdkTokenCallOptions | (typeof SOURCE_NAMES)[number]>;
} {
  const given = Object.entries(requireObject("options", options)).filter(([, value]) => value !== undefined);
  const pick = (isPicked: (name: string) => boolean) =>
    Object.fromEntries(given.filter(([name]) => isPicked(name))) as never;
  return {
    source: pick((name) => SOURCE_NAMES.includes(name as never)),
    calls: pick((name) => CALL_NAMES.includes(name as never)),
    own: pick((name) => !SDK_TOKEN_OPTION_NAMES.includes(name)),
  };
}

/**
 * A token provider that runs a stock cluster's whole flow: it gets a token,
 * renews it well before it expires, and begins anew when a gateway refuses it.
 * Clients may share one, and then share its token.
 *
 * @throws InvalidArgumentError for an option that is wrong or missing; it never shows a credential
 */
export function sdkTokenProvider(settings: SdkTokenSettings): TokenProvider {
  const flow = new SdkTokenFlow(settings);
  return (request) => flow.provide(request);
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The last part of a token's life in which it is renewed, at a random moment. It
 * is long, because a token that has expired cannot get its own successor: the
 * auth service may be down for hours and nothing is lost.
 */
const RENEWAL_SHARE = 0.2;

type HeldToken = AccessToken & { readonly renewAtMs: number };

class SdkTokenFlow {
  readonly #source: SdkTokenSource;
  readonly #openTransport: () => Transport;
  readonly #client: ResolvedClientOptions;
  readonly #timeoutMs: number;
  readonly #runtime: Runtime;
  readonly #work: SharedWork<HeldToken>;
  #held: HeldToken | undefined;

  constructor({ source, openTransport, calls = {}, runtime = systemRuntime }: SdkTokenSettings) {
    this.#source = checkSource(source);
    this.#openTransport = openTransport;
    this.#client = resolveClientOptions(calls, runtime);
    this.#timeoutMs = calls.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#runtime = runtime;
    this.#work = new SharedWork(runtime, this.#timeoutMs);
    this.#warnOfClearText();
  }

  async provide(request: TokenRequest): Promise<AccessToken> {
    const { refused, signal } = request;
    const held = this.#held;
    if (held !== undefined && held.token !== refused && this.#runtime.now() < held.renewAtMs) return held;
    const shared = await this.#work.run(() => this.#obtain(request), signal);
    if (shared.token !== refused) return shared;
    // It was asked for by somebody who did not know yet that it is refused.
    return this.#work.run(() => this.#obtain(request), signal);
  }

  async #obtain({ signal, refused }: TokenRequest): Promise<HeldToken> {
    const transport = this.#openTransport();
    const runner = new CallRunner(transport, this.#runtime, this.#client.policy);
    const session = new Session(runner, { signal, deadline: this.#runtime.now() + this.#timeoutMs });
    try {
      const token = await this.#renewOrBegin(session, refused);
      this.#held = { ...token, renewAtMs: this.#renewalOf(token) };
      return this.#held;
    } catch (error) {
      throw this.#explain(error, transport.capabilities.endpoint);
    } finally {
      await runner.close();
    }
  }

  async #renewOrBegin(session: Session, refused: string | undefined): Promise<AccessToken> {
    const held = this.#held;
    const { apiKeyPrefix } = this.#source;
    const isGood = held !== undefined && held.token !== refused && !this.#isExpired(held);
    if (!isGood) return this.#begin(session);
    try {
      return apiKeyPrefix === undefined
        ? await session.renewLogin(held.token)
        : await session.createSdkToken(apiKeyPrefix, held.token);
    } catch (error) {
      // What passes is no reason to begin anew; the token is still good.
      if (error instanceof VectronError && error.retryable) throw error;
      return this.#begin(session);
    }
  }

  async #begin(session: Session): Promise<AccessToken> {
    const { login: credentials, apiKeyPrefix, token } = this.#source;
    if (credentials === undefined) return session.createSdkToken(apiKeyPrefix, token);
    const loggedIn = await session.login(credentials);
    return apiKeyPrefix === undefined ? loggedIn : session.createSdkToken(apiKeyPrefix, loggedIn.token);
  }

  #isExpired({ expiresAtMs }: AccessToken): boolean {
    return expiresAtMs !== undefined && this.#runtime.now() >= expiresAtMs;
  }

  #renewalOf({ expiresAtMs }: AccessToken): number {
    if (expiresAtMs === undefined) return Number.POSITIVE_INFINITY;
    const lifeMs = expiresAtMs - this.#runtime.now();
    return expiresAtMs - lifeMs * RENEWAL_SHARE * (0.5 + this.#runtime.random() / 2);
  }

  /** The failure as the reason why a call has no token. */
  #explain(cause: unknown, endpoint: string): AuthenticationError {
    const reason = cause instanceof Error ? cause.message : textOf(cause);
    const isSpent = cause instanceof AuthenticationError && this.#source.token !== undefined;
    const advice = isSpent ? "; the token that sdkToken was given is no longer good: give it a new one" : "";
    const text = `there is no token from the auth service at ${endpoint}: ${reason}${advice}`;
    const { retryable, retryAfterMs } = cause instanceof VectronError ? cause : {};
    return new AuthenticationError(text, { cause, retryable, retryAfterMs });
  }

  /** Once, and not for each token. Opening a transport sends nothing and checks its options. */
  #warnOfClearText(): void {
    const transport = this.#openTransport();
    const { insecure, endpoint } = transport.capabilities;
    void transport.close();
    if (!insecure) return;
    this.#client.logger?.warn?.("passwords and tokens are sent in clear text to another host: use TLS", {
      endpoint,
    });
  }
}

/** The calls that one token takes, within one time. */
class Session {
  readonly #runner: CallRunner;
  readonly #signal: TokenRequest["signal"];
  readonly #deadline: number;

  constructor(
    runner: CallRunner,
    { signal, deadline }: Pick<TokenRequest, "signal"> & { readonly deadline: number },
  ) {
    this.#runner = runner;
    this.#signal = signal;
    this.#deadline = deadline;
  }

  login(credentials: Credentials): Promise<AccessToken> {
    return login(this.#runner, credentials, this.#options);
  }

  async renewLogin(token: string): Promise<AccessToken> {
    const renewed = await renewLogin(this.#runner, { ...this.#options, token });
    // A gateway has the same call and leaves the token out.
    return { ...renewed, token: requireToken("the renewed token", renewed.token) };
  }

  createSdkToken(apiKeyPrefix: string, token: string): Promise<AccessToken> {
    return createSdkToken(this.#runner, apiKeyPrefix, { ...this.#options, token });
  }

  get #options() {
    const leftMs = this.#deadline - this.#runner.runtime.now();
    return { signal: this.#signal, timeoutMs: Math.max(1, leftMs) };
  }
}

function checkSource(source: SdkTokenSource): SdkTokenSource {
  const { login: credentials, apiKeyPrefix, token } = source;
  if (apiKeyPrefix !== undefined) requireKeyPrefix("apiKeyPrefix", apiKeyPrefix);
  if (credentials !== undefined && token !== undefined) {
    throw new InvalidArgumentError("sdkToken has both login and token; it begins with one of them");
  }
  if (credentials !== undefined) return { login: toLoginRequest("login", credentials), apiKeyPrefix };
  if (token === undefined || apiKeyPrefix === undefined) {
    throw new InvalidArgumentError("sdkToken needs login, or apiKeyPrefix and token");
  }
  return { apiKeyPrefix, token: requireToken("token", token) };
}

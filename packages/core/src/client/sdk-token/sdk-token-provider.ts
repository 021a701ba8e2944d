import { SharedWork } from "../../auth/shared-work.ts";
import type { AccessToken, TokenProvider, TokenRequest } from "../../auth/token-provider.ts";
import { type CallPolicy, CallRunner } from "../../call/call-runner.ts";
import { AuthenticationError } from "../../errors/error-classes.ts";
import { textOf } from "../../errors/text-of.ts";
import { VectronError } from "../../errors/vectron-error.ts";
import { clearTextWarning } from "../../observe/clear-text-warning.ts";
import { type Runtime, systemRuntime } from "../../runtime/runtime.ts";
import type { Transport } from "../../transport/transport.ts";
import { type ResolvedClientOptions, resolveClientOptions } from "../client-options.ts";
import { checkSource, type SdkTokenCallOptions, type SdkTokenSource } from "./sdk-token-options.ts";
import { TokenSession } from "./token-session.ts";

/** What `sdkTokenProvider` needs. */
export interface SdkTokenSettings {
  readonly source: SdkTokenSource;
  /** Opens a transport to the auth service. One is opened for each token, and closed again. */
  readonly openTransport: () => Transport;
  readonly calls?: SdkTokenCallOptions | undefined;
  readonly runtime?: Runtime | undefined;
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
  readonly #policy: CallPolicy;
  readonly #timeoutMs: number;
  readonly #runtime: Runtime;
  readonly #work: SharedWork<HeldToken>;
  #held: HeldToken | undefined;

  constructor({ source, openTransport, calls = {}, runtime = systemRuntime }: SdkTokenSettings) {
    this.#source = checkSource(source);
    this.#openTransport = openTransport;
    this.#policy = withWarning(resolveClientOptions(calls, runtime), openTransport);
    this.#timeoutMs = calls.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#runtime = runtime;
    this.#work = new SharedWork(runtime, this.#timeoutMs);
  }

  async provide(request: TokenRequest): Promise<AccessToken> {
    const { refused, signal } = request;
    const held = this.#held;
    if (held !== undefined && held.token !== refused && this.#runtime.now() < held.renewAtMs) return held;
    let isOwn = false;
    const obtain = () => {
      isOwn = true;
      return this.#obtain(request);
    };
    const token = await this.#work.run(obtain, signal);
    if (isOwn || token.token !== refused) return token;
    // Another's, who did not know yet that it is refused. One's own may be the same again: two logins
    // within one second bring one and the same token.
    return this.#work.run(obtain, signal);
  }

  async #obtain({ signal, refused }: TokenRequest): Promise<HeldToken> {
    const transport = this.#openTransport();
    const runner = new CallRunner(transport, this.#runtime, this.#policy);
    const session = new TokenSession(runner, { signal, deadline: this.#runtime.now() + this.#timeoutMs });
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

  async #renewOrBegin(session: TokenSession, refused: string | undefined): Promise<AccessToken> {
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

  async #begin(session: TokenSession): Promise<AccessToken> {
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
}

/** Warns of clear text once, and not for each token. Opening a transport sends nothing and checks its options. */
function withWarning({ policy, logger }: ResolvedClientOptions, openTransport: () => Transport): CallPolicy {
  const transport = openTransport();
  const warnings = clearTextWarning(transport.capabilities, "passwords and tokens are", logger);
  void transport.close();
  return { ...policy, observers: [...policy.observers, ...warnings] };
}

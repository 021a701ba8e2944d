import type {
  ApiKey,
  ApiKeyValidation,
  CreatedApiKey,
  Credentials,
  LoginResult,
} from "../auth/account-types.ts";
import type { AccessToken } from "../auth/token-provider.ts";
import type { CallOptions } from "../call/call-options.ts";
import { CallRunner } from "../call/call-runner.ts";
import { refuseUnknownKeys, requireObject } from "../data/checks.ts";
import type { Plan, UserProfile } from "../data/types.ts";
import { clearTextWarning } from "../observe/clear-text-warning.ts";
import { type Runtime, systemRuntime } from "../runtime/runtime.ts";
import type { Transport } from "../transport/transport.ts";
import { CLIENT_OPTION_NAMES, type ClientOptions, resolveClientOptions } from "./client-options.ts";
import {
  type AuthCallOptions,
  createApiKey,
  createSdkToken,
  deleteApiKey,
  getUserProfile,
  listApiKeys,
  login,
  register,
  updateUserProfile,
  validateApiKey,
} from "./operations/auth.ts";

/** The options that clients of the auth service share in every runtime. */
export type AuthClientOptions = Omit<ClientOptions, "expectedDimension">;

/**
 * A client of a Vectron cluster's auth service: accounts, API keys and the tokens
 * that a gateway accepts. Safe for concurrent use. Its calls take the same path
 * as those of a `VectronClient` and fail in the same ways.
 *
 * Calls about a user carry that user's token: the client's own (`auth`), or
 * another for one call (`token`). A stock server limits calls from each address:
 * 3 registrations, 5 logins, 10 keys and 10 SDK tokens in a minute, and 100 of
 * any other call. What is over the limit fails with a `ResourceExhaustedError`
 * whose `retryAfterMs` is that minute, or waits for it where `timeoutMs` allows.
 *
 * Each runtime's package has its own subclass, which makes the transport.
 *
 * @example
 * await auth.register({ email, password });
 * const { token } = await auth.login({ email, password });
 * const { keyPrefix } = await auth.createApiKey("search service", { token });
 */
export class AuthClient {
  readonly #runner: CallRunner;

  /**
   * Does no I/O.
   *
   * @throws InvalidArgumentError for an option that is wrong or not known
   */
  constructor(transport: Transport, options: AuthClientOptions = {}, runtime: Runtime = systemRuntime) {
    // Vectors are no business of the auth service.
    const { expectedDimension: _, ...names } = CLIENT_OPTION_NAMES;
    refuseUnknownKeys("options", requireObject("options", options), Object.keys(names));
    const { policy, logger } = resolveClientOptions(options, runtime);
    const warnings = clearTextWarning(transport.capabilities, "passwords and tokens are", logger);
    this.#runner = new CallRunner(transport, runtime, {
      ...policy,
      observers: [...policy.observers, ...warnings],
    });
  }

  /**
   * Creates an account. Not repeated after a failure that leaves open whether it
   * took effect.
   *
   * @param credentials - the password: on a stock server 8 to 72 bytes, with three of upper case, lower
   * case, digits and special characters
   * @throws AlreadyExistsError when there is an account of that email, and, on a stock server, whenever its
   * store fails: the message says which
   */
  register(credentials: Credentials, options?: CallOptions): Promise<UserProfile> {
    return register(this.#runner, credentials, options);
  }

  /**
   * Exchanges email and password for a login token, good for 24 hours on a stock server.
   *
   * @throws NotFoundError when there is no account of that email
   * @throws AuthenticationError when the password is wrong
   */
  login(credentials: Credentials, options?: CallOptions): Promise<LoginResult> {
    return login(this.#runner, credentials, options);
  }

  /**
   * The account that the token is for.
   *
   * @throws NotFoundError when it no longer exists
   */
  getUserProfile(options?: AuthCallOptions): Promise<UserProfile> {
    return getUserProfile(this.#runner, options);
  }

  /** Changes the account's plan; answers with the account as it is now, and a fresh login token. */
  updateUserProfile(profile: { readonly plan: Plan }, options?: AuthCallOptions): Promise<LoginResult> {
    return updateUserProfile(this.#runner, profile, options);
  }

  /**
   * Creates an API key. Not repeated after a failure that leaves open whether it
   * took effect.
   *
   * @param name - for people: on a stock server up to 50 letters, digits, spaces, hyphens and underscores
   */
  createApiKey(name: string, options?: AuthCallOptions): Promise<CreatedApiKey> {
    return createApiKey(this.#runner, name, options);
  }

  /** The user's API keys, without their secret parts. */
  listApiKeys(options?: AuthCallOptions): Promise<ApiKey[]> {
    return listApiKeys(this.#runner, options);
  }

  /**
   * Revokes an API key. Gateways notice within half a minute.
   *
   * @throws NotFoundError when there is no such key
   * @throws PermissionDeniedError when it is another user's
   */
  deleteApiKey(keyPrefix: string, options?: AuthCallOptions): Promise<void> {
    return deleteApiKey(this.#runner, keyPrefix, options);
  }

  /**
   * Whether a whole API key is valid, and whose it is. A stock server goes on
   * calling a key valid for up to five minutes after it was deleted.
   */
  validateApiKey(fullKey: string, options?: CallOptions): Promise<ApiKeyValidation> {
    return validateApiKey(this.#runner, fullKey, options);
  }

  /**
   * A token for gateways, in the name of an API key: good for 7 days on a stock
   * server, and for as long as the key is not deleted.
   *
   * @param apiKeyPrefix - `keyPrefix` of the key, and not the whole key
   * @throws PermissionDeniedError when there is no such key, or it is another user's
   */
  createSdkToken(apiKeyPrefix: string, options?: AuthCallOptions): Promise<AccessToken> {
    return createSdkToken(this.#runner, apiKeyPrefix, options);
  }

  /** Cancels the calls in flight and releases every resource; later calls reject with `CancelledError`. */
  close(): Promise<void> {
    return this.#runner.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

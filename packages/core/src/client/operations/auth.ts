import type {
  ApiKey,
  ApiKeyValidation,
  CreatedApiKey,
  Credentials,
  LoginResult,
} from "../../auth/account-types.ts";
import { issuedToken } from "../../auth/issued-token.ts";
import type { AccessToken } from "../../auth/token-provider.ts";
import { requireToken, staticToken, type TokenSource } from "../../auth/token-source.ts";
import { type CallOptions, checkCallOptions } from "../../call/call-options.ts";
import type { CallRunner } from "../../call/call-runner.ts";
import { isText, refuseUnknownKeys, requireName, requireObject } from "../../data/checks.ts";
import { PLANS, type Plan, type UserProfile } from "../../data/types.ts";
import { InvalidArgumentError } from "../../errors/error-classes.ts";
import type {
  APIKey,
  LoginRequest,
  UserProfile as UserProfileMessage,
} from "../../gen/vectron/auth/v1/messages.ts";
import { authService } from "../../gen/vectron/auth/v1/methods.ts";
import { webGlobals } from "../../runtime/web-globals.ts";
import { toPlanNumber, toUserProfile } from "./account.ts";
import { recoverDeleteApiKey } from "./recoveries.ts";

/** The last parameter of the auth service's methods that are about one user. */
export interface AuthCallOptions extends CallOptions {
  /** The user's token, for a client that serves several. Default: the client's own. */
  readonly token?: string | undefined;
}

/** Of calls that a stock server answers without asking who calls. */
const NO_TOKEN = staticToken(undefined);

/** Creates an account. */
export async function register(
  runner: CallRunner,
  credentials: Credentials,
  options: CallOptions = {},
): Promise<UserProfile> {
  const message = toLoginRequest("credentials", credentials);
  requirePasswordSize(message.password);
  const { user } = await runner.unary(
    { method: authService.registerUser, message, tokens: NO_TOKEN, secrets: [message.password] },
    checkCallOptions(options),
  );
  return toUserProfile(user);
}

/** Exchanges email and password for a login token. */
export async function login(
  runner: CallRunner,
  credentials: Credentials,
  options: CallOptions = {},
): Promise<LoginResult> {
  const message = toLoginRequest("credentials", credentials);
  checkCallOptions(options);
  const requestedAtMs = runner.runtime.now();
  const { jwtToken, user } = await runner.unary(
    { method: authService.login, message, tokens: NO_TOKEN, secrets: [message.password] },
    options,
  );
  return { ...issuedToken(jwtToken, requestedAtMs), user: toUserProfile(user) };
}

/** The account that the token is for. */
export async function getUserProfile(
  runner: CallRunner,
  options: AuthCallOptions = {},
): Promise<UserProfile> {
  return toUserProfile(await fetchProfile(runner, options));
}

/** Changes the plan of the account that the token is for; answers with a fresh login token too. */
export async function updateUserProfile(
  runner: CallRunner,
  profile: { readonly plan: Plan },
  options: AuthCallOptions = {},
): Promise<LoginResult> {
  requireObject("profile", profile);
  refuseUnknownKeys("profile", profile, ["plan"]);
  return writePlan(runner, toPlanNumber(profile.plan), options);
}

/**
 * A fresh login token for a login token that is still good. A stock server has no
 * call for this, but answers every profile that is written with a new token: so
 * the plan that was just read is written back.
 */
export async function renewLogin(runner: CallRunner, options: AuthCallOptions): Promise<AccessToken> {
  const profile = await fetchProfile(runner, options);
  // As the server has it, were it a plan that this version does not know.
  return writePlan(runner, profile?.plan ?? 0, options);
}

async function fetchProfile(
  runner: CallRunner,
  options: AuthCallOptions,
): Promise<UserProfileMessage | undefined> {
  const { call, tokens } = splitOptions(options);
  const { user } = await runner.unary({ method: authService.getUserProfile, message: {}, tokens }, call);
  return user;
}

async function writePlan(runner: CallRunner, plan: number, options: AuthCallOptions): Promise<LoginResult> {
  const { call, tokens } = splitOptions(options);
  const requestedAtMs = runner.runtime.now();
  const { user, jwtToken } = await runner.unary(
    { method: authService.updateUserProfile, message: { plan }, tokens },
    call,
  );
  return { ...issuedToken(jwtToken, requestedAtMs), user: toUserProfile(user) };
}

/** Creates an API key. */
export async function createApiKey(
  runner: CallRunner,
  name: string,
  options: AuthCallOptions = {},
): Promise<CreatedApiKey> {
  const message = { name: requireName("name", name) };
  const { call, tokens } = splitOptions(options);
  const { fullKey, keyInfo } = await runner.unary(
    { method: authService.createApiKey, message, tokens },
    call,
  );
  return { ...toApiKey(keyInfo), fullKey };
}

/** The user's API keys. */
export async function listApiKeys(runner: CallRunner, options: AuthCallOptions = {}): Promise<ApiKey[]> {
  const { call, tokens } = splitOptions(options);
  const { keys } = await runner.unary({ method: authService.listApiKeys, message: {}, tokens }, call);
  return keys.map(toApiKey);
}

/** Revokes one of the user's API keys. */
export async function deleteApiKey(
  runner: CallRunner,
  keyPrefix: string,
  options: AuthCallOptions = {},
): Promise<void> {
  const message = { keyPrefix: requireKeyPrefix("keyPrefix", keyPrefix) };
  const { call, tokens } = splitOptions(options);
  const recover = recoverDeleteApiKey(keyPrefix);
  await runner.unary({ method: authService.deleteApiKey, message, tokens, recover }, call);
}

/** Whether a whole API key is valid, and whose it is. */
export async function validateApiKey(
  runner: CallRunner,
  fullKey: string,
  options: CallOptions = {},
): Promise<ApiKeyValidation> {
  const message = { fullKey: requireSecret("fullKey", fullKey) };
  checkCallOptions(options);
  // A stock server reports a key that is too short to have a prefix as INTERNAL.
  if (fullKey.length < KEY_PREFIX_LENGTH) return { valid: false };
  const { valid, userId, plan, apiKeyId } = await runner.unary(
    { method: authService.validateApiKey, message, tokens: NO_TOKEN, secrets: [fullKey] },
    options,
  );
  if (!valid) return { valid };
  return { valid, keyPrefix: apiKeyId, userId, plan: PLANS.find((name) => name === plan.toLowerCase()) };
}

/** Each call signs another token and changes nothing, so that it may be repeated. */
const CREATE_SDK_TOKEN = { ...authService.createSdkJwt, idempotent: true };

/** Exchanges an API key's prefix for an SDK token. */
export async function createSdkToken(
  runner: CallRunner,
  apiKeyPrefix: string,
  options: AuthCallOptions = {},
): Promise<AccessToken> {
  const message = { apiKeyId: requireKeyPrefix("apiKeyPrefix", apiKeyPrefix) };
  const { call, tokens } = splitOptions(options);
  const requestedAtMs = runner.runtime.now();
  const { sdkJwt } = await runner.unary({ method: CREATE_SDK_TOKEN, message, tokens }, call);
  return issuedToken(sdkJwt, requestedAtMs);
}

/** Checks the options of a call that is about one user. */
function splitOptions(options: AuthCallOptions): {
  readonly call: CallOptions;
  readonly tokens: TokenSource | undefined;
} {
  const { token, ...call } = requireObject("options", options);
  checkCallOptions(call);
  return {
    call,
    tokens: token === undefined ? undefined : staticToken(requireToken("options.token", token)),
  };
}

/** Checks who logs in. The email is written as a stock server stores it, which compares it to the letter. */
export function toLoginRequest(argument: string, credentials: Credentials): LoginRequest {
  requireObject(argument, credentials);
  refuseUnknownKeys(argument, credentials, ["email", "password"]);
  const { email, password } = credentials;
  const address = typeof email === "string" ? email.trim().toLowerCase() : email;
  return {
    email: requireName(`${argument}.email`, address),
    password: requireSecret(`${argument}.password`, password),
  };
}

const MAX_PASSWORD_BYTES = 72;

/** A stock server reports a password that its hash cannot take as an account that exists. */
function requirePasswordSize(password: string): void {
  const bytes = new webGlobals.TextEncoder().encode(password).length;
  if (bytes <= MAX_PASSWORD_BYTES) return;
  throw new InvalidArgumentError(
    `credentials.password must be no longer than ${MAX_PASSWORD_BYTES} bytes in UTF-8, got ${bytes}`,
  );
}

/** Returns `value` if it is text that is not empty. The message never shows it. */
function requireSecret(argument: string, value: unknown): string {
  if (isText(value) && value !== "") return value;
  throw new InvalidArgumentError(`${argument} must be a non-empty string of well-formed Unicode`);
}

const KEY_PREFIX_LENGTH = 13;

/** Returns `value` if it can be a key's prefix. A whole key is refused, and not shown. */
export function requireKeyPrefix(argument: string, value: unknown): string {
  if (typeof value === "string" && value.startsWith("vkey-") && value.length > KEY_PREFIX_LENGTH) {
    throw new InvalidArgumentError(
      `${argument} must be the key's prefix, its first ${KEY_PREFIX_LENGTH} characters, and not the whole key`,
    );
  }
  return requireName(argument, value);
}

function toApiKey(message: APIKey | undefined): ApiKey {
  return {
    keyPrefix: message?.keyPrefix ?? "",
    userId: message?.userId ?? "",
    name: message?.name ?? "",
    createdAt: new Date(Number(message?.createdAt ?? 0) * 1_000),
  };
}

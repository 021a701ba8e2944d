import type { Credentials } from "../../auth/account-types.ts";
import { requireToken } from "../../auth/token-source.ts";
import { refuseUnknownKeys, requireObject } from "../../data/checks.ts";
import { InvalidArgumentError } from "../../errors/error-classes.ts";
import type { ClientOptions } from "../client-options.ts";
import { requireKeyPrefix, toLoginRequest } from "../operations/auth.ts";

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

const SOURCE_NAMES = ["login", "apiKeyPrefix", "token"] as const;
const CALL_NAMES = ["timeoutMs", "retry", "interceptors", "observers", "logger"] as const;

/** The names of the options of `sdkToken` that are not about the transport. */
const SDK_TOKEN_OPTION_NAMES: readonly string[] = [...SOURCE_NAMES, ...CALL_NAMES];

/**
 * Parts a runtime package's flat options of `sdkToken` into those of this module
 * and its own, and refuses those that are neither by name. Undefined ones are left
 * out.
 *
 * @param ownNames - the names of the package's own options
 */
export function splitSdkTokenOptions<T extends object>(
  options: T & SdkTokenCallOptions & SdkTokenSource,
  ownNames: readonly (keyof T & string)[],
): { readonly source: SdkTokenSource; readonly calls: SdkTokenCallOptions; readonly own: T } {
  refuseUnknownKeys("options", requireObject("options", options), [...ownNames, ...SDK_TOKEN_OPTION_NAMES]);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const pick = (isPicked: (name: string) => boolean) =>
    Object.fromEntries(given.filter(([name]) => isPicked(name))) as never;
  return {
    source: pick((name) => SOURCE_NAMES.includes(name as never)),
    calls: pick((name) => CALL_NAMES.includes(name as never)),
    own: pick((name) => !SDK_TOKEN_OPTION_NAMES.includes(name)),
  };
}

/**
 * Checks what tokens are to be got with.
 *
 * @throws InvalidArgumentError never showing a credential
 */
export function checkSource(source: SdkTokenSource): SdkTokenSource {
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

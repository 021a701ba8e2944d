import type { Plan, UserProfile } from "../data/types.ts";
import type { AccessToken } from "./token-provider.ts";

/** Who logs in, or registers. */
export interface Credentials {
  /** Upper and lower case, and blanks at the ends, make no difference. */
  readonly email: string;
  readonly password: string;
}

/** A login token, good for 24 hours on a stock server, and whose it is. */
export interface LoginResult extends AccessToken {
  readonly user: UserProfile;
}

/** An API key without its secret part. */
export interface ApiKey {
  /** The first 13 characters of the key, which name it: `vkey-` and 8 more. */
  readonly keyPrefix: string;
  readonly userId: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** An API key that has just been created. */
export interface CreatedApiKey extends ApiKey {
  /** The whole key. It is shown this once: no call returns it again. */
  readonly fullKey: string;
}

/** Whether an API key is valid, and whose it is. */
export type ApiKeyValidation =
  | { readonly valid: false }
  | {
      readonly valid: true;
      readonly keyPrefix: string;
      readonly userId: string;
      /** Undefined when the server has none, or one that this version does not know. */
      readonly plan: Plan | undefined;
    };

import type { Credentials } from "../../auth/account-types.ts";
import type { AccessToken, TokenRequest } from "../../auth/token-provider.ts";
import { requireToken } from "../../auth/token-source.ts";
import type { CallRunner } from "../../call/call-runner.ts";
import { createSdkToken, login, renewLogin } from "../operations/auth.ts";

/** The calls that one token takes, within one time. */
export class TokenSession {
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

import type { AuthClient } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { readProfile } from "../../connect/profile.ts";
import { type Credential, CredentialStore } from "../../credentials/credential-store.ts";

export interface ProfileOptions {
  readonly profile?: string;
}

/** What a command that is about an account works with. */
export interface Session {
  readonly profile: string;
  readonly store: CredentialStore;
  readonly credential: Credential;
  readonly client: AuthClient;
}

/** The name of the profile that a command is about. */
export function profileName({ profile }: ProfileOptions, env: NodeJS.ProcessEnv): string {
  return readProfile(env, profile ?? (env.VECTRON_PROFILE || undefined)).name;
}

/** A client of the auth service at an address, over gRPC or HTTP. */
export async function openAuthClient(
  authHost: string,
  authTls: boolean | undefined,
  token?: string,
): Promise<AuthClient> {
  if (/^https?:\/\//i.test(authHost)) {
    const { AuthClient } = await import("@vectron/web");
    return new AuthClient({ baseUrl: authHost, auth: token });
  }
  const { AuthClient } = await import("@vectron/node");
  return new AuthClient({ host: authHost, tls: authTls, auth: token });
}

/**
 * Opens the session that `vectron auth login` began, hands it to `use`, and closes it.
 *
 * @throws UsageError when there is none, or it has ended
 */
export async function withSession<T>(
  { env }: Context,
  options: ProfileOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const profile = profileName(options, env);
  const store = new CredentialStore(env);
  const credential = store.read(profile);
  if (credential === undefined) {
    throw new UsageError(`nobody is logged in as profile "${profile}": run \`vectron auth login\``);
  }
  const { authHost, authTls, token, expiresAtMs } = credential;
  if (expiresAtMs !== undefined && Date.now() >= expiresAtMs) {
    throw new UsageError(
      `the login of profile "${profile}" ended at ${new Date(expiresAtMs).toISOString()}: run \`vectron auth login\` again`,
    );
  }
  const client = await openAuthClient(authHost, authTls, token);
  try {
    return await use({ profile, store, credential, client });
  } finally {
    await client.close();
  }
}

import { readFileSync } from "node:fs";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { readProfile } from "../../connect/profile.ts";
import { CredentialStore } from "../../credentials/credential-store.ts";
import { askPassword, askText } from "../../output/prompts.ts";
import { openAuthClient, type ProfileOptions, profileName } from "./session.ts";

export interface LoginOptions extends ProfileOptions {
  readonly authHost?: string;
  readonly authTls?: boolean;
  readonly host?: string;
  readonly tls?: boolean;
  readonly email?: string;
  readonly passwordStdin?: boolean;
}

/** `vectron auth login`. */
export async function login(context: Context, options: LoginOptions): Promise<number> {
  const { env, out } = context;
  const store = new CredentialStore(env);
  const name = profileName(options, env);
  const { profile } = readProfile(env, name);
  const before = store.read(name);
  const authHost =
    options.authHost ?? (env.VECTRON_AUTH_HOST || undefined) ?? profile?.authHost ?? before?.authHost;
  if (authHost === undefined) throw new UsageError("say where the auth service is with --auth-host");
  const authTls = options.authTls ?? profile?.authTls ?? before?.authTls;
  const email = options.email ?? (await askText("Email", "--email"));
  const password = await readPassword(options, env);
  const client = await openAuthClient(authHost, authTls);
  try {
    const { token, expiresAtMs, user } = await client.login({ email, password });
    const host = options.host ?? before?.host;
    const tls = options.tls ?? before?.tls;
    store.write(name, { authHost, authTls, email: user.email, token, expiresAtMs, host, tls });
    const until = expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString();
    out.result({ profile: name, email: user.email, expiresAt: until, file: store.path }, () =>
      [
        `${out.style.good("logged in")} as ${user.email}${until === undefined ? "" : `, until ${until}`}`,
        `the token is kept as profile "${name}" in ${store.path}`,
        ...(host === undefined
          ? ["no gateway is named: log in with --host to have commands send it the token"]
          : []),
      ].join("\n"),
    );
    return EXIT.ok;
  } finally {
    await client.close();
  }
}

async function readPassword({ passwordStdin }: LoginOptions, env: NodeJS.ProcessEnv): Promise<string> {
  if (passwordStdin) return readFileSync(0, "utf8").replace(/\r?\n$/, "");
  return env.VECTRON_PASSWORD || (await askPassword("Password", "--password-stdin, or set VECTRON_PASSWORD"));
}

/** `vectron auth logout`. */
export async function logout({ env, out }: Context, options: ProfileOptions): Promise<number> {
  const name = profileName(options, env);
  const removed = new CredentialStore(env).remove(name);
  out.result({ profile: name, removed }, () =>
    removed
      ? `${out.style.good("logged out")} of profile "${name}"`
      : `nobody was logged in as profile "${name}"`,
  );
  return EXIT.ok;
}

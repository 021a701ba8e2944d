import type { AccessToken } from "@vectron/core";
import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { type ProfileOptions, type Session, withSession } from "./session.ts";

export interface TokenOptions extends ProfileOptions {
  readonly key?: string;
  readonly save?: boolean;
}

/** `vectron auth token`. The token alone is on standard output, for `$(…)`. */
export async function run(context: Context, options: TokenOptions): Promise<number> {
  if (options.save && options.key === undefined)
    throw new UsageError("--save needs --key: the login token is kept already");
  const { token, expiresAtMs } = await withSession(context, options, (session) => issue(session, options));
  const until = expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString();
  const { out } = context;
  out.result({ token, expiresAt: until }, () => token);
  if (!out.json && until !== undefined) out.note(out.noteStyle.dim(`good until ${until}`));
  return EXIT.ok;
}

async function issue(session: Session, { key, save }: TokenOptions): Promise<AccessToken> {
  const { client, credential, profile, store } = session;
  if (key === undefined) return credential;
  const issued = await client.createSdkToken(key);
  if (save) store.write(profile, { ...credential, sdkToken: { ...issued, apiKeyPrefix: key } });
  return issued;
}

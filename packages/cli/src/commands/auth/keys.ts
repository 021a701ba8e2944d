import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import { confirm } from "../../output/prompts.ts";
import { formatTable } from "../../output/table.ts";
import { type ProfileOptions, withSession } from "./session.ts";

/** `vectron auth keys create`. */
export async function create(
  context: Context,
  options: ProfileOptions,
  args: readonly string[],
): Promise<number> {
  const [name = ""] = args;
  const key = await withSession(context, options, ({ client }) => client.createApiKey(name));
  const { out } = context;
  out.result(key, () =>
    [
      `${out.style.good("created")} ${key.keyPrefix}`,
      "",
      `  ${out.style.bold(key.fullKey)}`,
      "",
      "This is the whole key, shown this once. Gateways take tokens, not keys: get one with",
      `  vectron auth token --key ${key.keyPrefix}`,
    ].join("\n"),
  );
  return EXIT.ok;
}

/** `vectron auth keys list`. */
export async function list(context: Context, options: ProfileOptions): Promise<number> {
  const keys = await withSession(context, options, ({ client }) => client.listApiKeys());
  const { out } = context;
  out.result(keys, () => {
    if (keys.length === 0) return "there are no keys";
    const rows = keys.map(({ keyPrefix, name, createdAt }) => [keyPrefix, name, createdAt.toISOString()]);
    return formatTable([{ title: "prefix" }, { title: "name" }, { title: "created" }], rows, out.style);
  });
  return EXIT.ok;
}

/** `vectron auth keys delete`. */
export async function remove(
  context: Context,
  options: ProfileOptions & { readonly yes?: boolean },
  args: readonly string[],
): Promise<number> {
  const [prefix = ""] = args;
  const { out } = context;
  if (!options.yes && !(await confirm(`Revoke ${prefix}? Programs that use it stop working.`, "--yes"))) {
    out.note("nothing was deleted");
    return EXIT.failure;
  }
  await withSession(context, options, ({ client }) => client.deleteApiKey(prefix));
  out.result({ deleted: prefix }, () => `${out.style.good("deleted")} ${prefix}`);
  return EXIT.ok;
}

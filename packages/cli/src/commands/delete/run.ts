import type { Context } from "../../cli/context.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import type { ConnectionOptions } from "../../connect/connection-options.ts";
import { withClient } from "../../connect/open-client.ts";
import { counted } from "../../output/numbers.ts";

/** `vectron delete`. */
export async function run(
  context: Context,
  options: ConnectionOptions,
  args: readonly string[],
): Promise<number> {
  const [collection = "", ...ids] = args;
  await withClient(context, options, ({ client }) => client.deleteMany(collection, ids));
  const { out } = context;
  out.result({ deleted: ids.length }, () => `${out.style.good("deleted")} ${counted(ids.length, "point")}`);
  return EXIT.ok;
}

import { Command } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { repeatableOption } from "../../cli/parse-option.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

/** `vectron upsert`. */
export function upsertCommand(): Command {
  const command = new Command("upsert")
    .description("write one point; for many, see `vectron import`")
    .argument("<collection>", "its name")
    .requiredOption("--id <id>", "id of the point; what was stored under it is replaced")
    .option("--vector <numbers>", "its vector: 0.1,0.2,0.3")
    .option(
      "--vector-file <file>",
      "read the vector from a file (text, JSON, .npy, .fvecs), or - for standard input",
    )
    .option(
      "--payload <key=value>",
      "a payload field, or a JSON object of them; may be repeated",
      repeatableOption,
    )
    .addHelpText(
      "after",
      `
Payload values are strings on the wire: other JSON values are stored as their JSON text.

Examples:
  $ vectron upsert docs --id a --vector 0.1,0.2,0.3,0.4 --payload lang=en --payload title="Of mice"
  $ vectron upsert docs --id b --vector-file b.json --payload '{"lang":"de","year":1937}'`,
    );
  return lazyAction(addConnectionOptions(command), () => import("./run.ts"));
}

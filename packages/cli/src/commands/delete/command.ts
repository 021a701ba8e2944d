import { Command } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

/** `vectron delete`. */
export function deleteCommand(): Command {
  const command = new Command("delete")
    .description("delete points by id")
    .argument("<collection>", "its name")
    .argument("<id...>", "ids of points; one that does not exist counts as deleted")
    .addHelpText(
      "after",
      `
Examples:
  $ vectron delete docs doc-17
  $ vectron delete docs $(cat ids.txt)`,
    );
  return lazyAction(addConnectionOptions(command), () => import("./run.ts"));
}

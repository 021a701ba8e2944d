import { Command } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

/** `vectron get`. */
export function getCommand(): Command {
  const command = new Command("get")
    .description("print points by id")
    .argument("<collection>", "its name")
    .argument("<id...>", "ids of points")
    .addHelpText(
      "after",
      `
Examples:
  $ vectron get docs doc-17
  $ vectron get docs doc-17 doc-18 --json | jq '.[].payload'

Exit code 3: some of several ids do not exist.`,
    );
  return lazyAction(addConnectionOptions(command), () => import("./run.ts"));
}

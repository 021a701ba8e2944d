import { Command, Option } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { integerOption } from "../../cli/parse-option.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

/** `vectron collections`. */
export function collectionsCommand(): Command {
  const command = new Command("collections").description("list, create, inspect and delete collections");
  command.addCommand(
    lazyAction(
      addConnectionOptions(
        new Command("list").description("print the names of all collections").addHelpText(
          "after",
          `
Examples:
  $ vectron collections list
  $ vectron collections list --path ./data --json`,
        ),
      ),
      async () => ({ run: (await import("./run.ts")).list }),
    ),
  );
  command.addCommand(createCommand());
  command.addCommand(
    lazyAction(
      addConnectionOptions(
        new Command("status")
          .description("print a collection's dimension, distance and shards")
          .argument("<collection>", "its name")
          .addHelpText(
            "after",
            `
Examples:
  $ vectron collections status docs
  $ vectron collections status docs --json | jq .dimension`,
          ),
      ),
      async () => ({ run: (await import("./run.ts")).status }),
    ),
  );
  command.addCommand(deleteSubcommand());
  return command;
}

const MAX_DIMENSION = 2_147_483_647;

function createCommand(): Command {
  const command = new Command("create")
    .description("create a collection and wait until it can be used")
    .argument("<collection>", "its name")
    .requiredOption("--dimension <n>", "components of each vector", integerOption(1, MAX_DIMENSION))
    .addOption(
      new Option("--distance <name>", "how vectors are compared")
        .choices(["cosine", "euclidean", "dot"])
        .default("euclidean"),
    )
    .option("--if-missing", "succeed when it is there already with the same dimension and distance")
    .option("--no-wait", "do not wait until its shards are ready")
    .addHelpText(
      "after",
      `
Examples:
  $ vectron collections create docs --dimension 384 --distance cosine
  $ vectron collections create docs --dimension 384 --distance cosine --if-missing`,
    );
  return lazyAction(addConnectionOptions(command), async () => ({ run: (await import("./run.ts")).create }));
}

function deleteSubcommand(): Command {
  const command = new Command("delete")
    .description("delete a collection with all its points")
    .argument("<collection>", "its name")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Examples:
  $ vectron collections delete docs          asks first, on a terminal
  $ vectron collections delete docs --yes`,
    );
  return lazyAction(addConnectionOptions(command), async () => ({ run: (await import("./run.ts")).remove }));
}

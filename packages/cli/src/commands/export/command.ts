import { Command, Option } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { integerOption } from "../../cli/parse-option.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

/** `vectron export`. */
export function exportCommand(): Command {
  const command = new Command("export")
    .description("write the points of a collection to a file")
    .argument("<collection>", "its name")
    .option("-o, --output <file>", "the file to write, gzip if it ends with .gz (default: standard output)")
    .addOption(
      new Option("--format <name>", "what to write (default: by the name of the file, else jsonl)").choices([
        "jsonl",
        "parquet",
      ]),
    )
    .option("--ids <file>", "export these ids only: one a line, or - for standard input")
    .option("--concurrency <n>", "how many points are read at once, with --ids", integerOption(1, 256), 16)
    .option("--no-progress", "show no progress")
    .addHelpText(
      "after",
      `
A whole collection can be exported from a directory (--path). A server has no call that lists
points: from a server, or a cluster, only points can be exported whose ids are given with --ids.

What is written, \`vectron import\` reads: id, vector and payload. Parquet has the payload as JSON.

Exit code 3: some ids do not exist; they are named on standard error.

Examples:
  $ vectron export docs --path ./data -o docs.parquet
  $ vectron export docs --ids ids.txt -o docs.jsonl.gz --host gateway:8081
  $ vectron export docs --path ./data | jq -r .id`,
    );
  return lazyAction(addConnectionOptions(command), () => import("./run.ts"));
}

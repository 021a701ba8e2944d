import { Command, Option } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { integerOption } from "../../cli/parse-option.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

/** `vectron search`. */
export function searchCommand(): Command {
  const command = new Command("search")
    .description("find the nearest points to a vector, or to a stored point")
    .argument("<collection>", "its name")
    .option("--id <id>", "more like this point, which is left out of the results")
    .option("--vector <numbers>", "the query vector: 0.1,0.2,0.3")
    .option("--vector-file <file>", "read it from a file (text, JSON, .npy, .fvecs), or - for standard input")
    .option("-k, --top-k <n>", "how many results, at most", integerOption(1, 2_147_483_646), 10)
    .option("--query <text>", "text for a server that reranks")
    .option("--include-vectors", "print the vectors of the results too")
    .option("--no-payload", "leave the payloads out")
    .addOption(new Option("--format <name>", "how to print results").choices(["table", "json", "jsonl"]))
    .option("--watch", "print the results found so far, again and again, until the search is done")
    .addHelpText(
      "after",
      `
Scores: lower is nearer (cosine: 1 - cos; euclidean: squared distance; dot: negated product).
With --watch, each line of JSON is one snapshot; on a terminal the table is redrawn.

Examples:
  $ vectron search docs --id doc-17
  $ vectron search docs --vector 0.1,0.2,0.3,0.4 --top-k 3 --format jsonl
  $ vectron search docs --vector-file query.npy --watch
  $ vectron search docs --host https://vectors.example.com --id doc-17`,
    );
  return lazyAction(addConnectionOptions(command), () => import("./run.ts"));
}

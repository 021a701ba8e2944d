import { Command, Option } from "commander";
import { lazyAction } from "../../cli/lazy-action.ts";
import { integerOption, listOption } from "../../cli/parse-option.ts";
import { addConnectionOptions } from "../../connect/connection-options.ts";

const FORMATS = ["jsonl", "csv", "tsv", "text", "parquet", "npy", "fvecs", "bvecs"];
const READING = "Reading:";
const LOADING = "Loading:";

/** `vectron import`. */
export function importCommand(): Command {
  const command = new Command("import")
    .description("load files of vectors into a collection")
    .argument("<file...>", "files, gzip or not; - is standard input")
    .requiredOption("-c, --collection <name>", "the collection to load into");
  const options = [
    new Option("--format <name>", "what the files are (default: by name, then by first bytes)").choices(
      FORMATS,
    ),
    new Option("--id-field <name>", "the field with the id (default: a guess, which is shown)"),
    new Option("--vector-field <name>", "the field with the vector, or dim_* for one field a component"),
    new Option(
      "--payload-fields <names>",
      "the fields to store, with commas (default: all others)",
    ).argParser(listOption),
    new Option("--no-payload", "store id and vector only"),
    new Option("--ids <file>", "ids for .npy, .fvecs and .bvecs, one a line (default: row numbers from 0)"),
    new Option("--delimiter <text>", "what stands between the fields of CSV"),
    new Option("--no-header", "the first line of CSV is data; fields are column1, column2, …"),
    new Option("--on-duplicate <what>", "an id that comes again is rejected, or replaces the earlier")
      .choices(["reject", "replace"])
      .default("reject"),
  ];
  for (const option of options) command.addOption(option.helpGroup(READING));
  addLoadingOptions(command).addHelpText("after", EXAMPLES);
  return lazyAction(addConnectionOptions(command), () => import("./run.ts"));
}

function addLoadingOptions(command: Command): Command {
  const options = [
    new Option("--create", "create the collection, with the dimension that the data has, if it is not there"),
    new Option("--distance <name>", "of a new collection").choices(["cosine", "euclidean", "dot"]),
    new Option("--checkpoint <file>", "where to keep how far it has come (default: beside the first file)"),
    new Option("--no-checkpoint", "keep nothing: an interrupted import begins anew"),
    new Option("--restart", "begin anew, whatever an earlier import left"),
    new Option(
      "--rejected <file>",
      "where to write what was rejected, and why (default: beside the first file)",
    ),
    new Option("--max-rejected <n>", "stop when more records than that are rejected")
      .argParser(integerOption(0, 10_000_000))
      .default(10_000),
    new Option("--concurrency <n>", "requests under way at once, at most").argParser(integerOption(1, 1_024)),
    new Option("--batch-bytes <n>", "bytes of a request, at most").argParser(integerOption(1, 268_435_456)),
    new Option("--no-progress", "show no progress"),
  ];
  for (const option of options) command.addOption(option.helpGroup(LOADING));
  return command;
}

const EXAMPLES = `
Formats: JSON lines, CSV, TSV, Parquet, .npy, .fvecs, .bvecs, and text as GloVe has it (a word and
its numbers). Payload values are strings on the wire: numbers, booleans and nested JSON are stored
as their text; null is left out.

What is wrong with a record (its line or row, id and reason) goes to FILE.COLLECTION.rejected.jsonl;
the others are loaded. An import that ends early goes on when the same command is given again, from
FILE.COLLECTION.checkpoint.json; standard input cannot be gone on with.

Exit codes: 0 all loaded; 3 some records were rejected; 1 failed; 130 interrupted (Ctrl-C).

Examples:
  $ vectron import docs.jsonl --collection docs --create --distance cosine
  $ vectron import part-*.parquet -c docs --id-field doc_id --vector-field embedding
  $ vectron import glove.6B.100d.txt -c words --create --distance cosine
  $ vectron import sift_base.fvecs -c sift --create --distance euclidean
  $ vectron import vectors.npy --ids ids.txt -c docs --create --path ./data
  $ zcat docs.csv.gz | vectron import - --format csv -c docs --vector-field 'dim_*'`;

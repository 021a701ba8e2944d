import { readFileSync } from "node:fs";
import { Command } from "commander";
import { authCommand } from "../commands/auth/command.ts";
import { collectionsCommand } from "../commands/collections/command.ts";
import { deleteCommand } from "../commands/delete/command.ts";
import { doctorCommand } from "../commands/doctor/command.ts";
import { exportCommand } from "../commands/export/command.ts";
import { getCommand } from "../commands/get/command.ts";
import { importCommand } from "../commands/import/command.ts";
import { searchCommand } from "../commands/search/command.ts";
import { serveCommand } from "../commands/serve/command.ts";
import { upsertCommand } from "../commands/upsert/command.ts";

const ABOUT = `
Examples:
  $ vectron serve --path ./data                                    a server on this machine
  $ vectron import docs.jsonl --collection docs --create --distance cosine
  $ vectron search docs --id doc-17                                more like this
  $ vectron doctor                                                 what is wrong, and what to do

Where commands work: --host or VECTRON_HOST (default localhost:8081), --path for a directory
with no server, or a profile. Each command's own --help has more examples.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 partly done (records were rejected, ids are
missing), 130 interrupted (Ctrl-C), 143 terminated.
`;

/** The whole command line. Bodies of commands are loaded when they run. */
export function createProgram(): Command {
  const program = new Command("vectron")
    .description("Serve, load, search and diagnose Vectron vector databases.")
    .version(version(), "-V, --version", "print the version")
    .option("--json", "print results, and errors, as JSON")
    .option("--no-color", "print no colours; NO_COLOR does the same")
    .option("--debug", "print errors with their stack and causes")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", ABOUT);
  const commands = [
    serveCommand(),
    collectionsCommand(),
    importCommand(),
    exportCommand(),
    searchCommand(),
    getCommand(),
    upsertCommand(),
    deleteCommand(),
    doctorCommand(),
    authCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  finish(program);
  return program;
}

/** Settings that commander does not hand down to commands made elsewhere. */
function finish(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(--help shows how)")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false });
  for (const child of command.commands) finish(child);
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

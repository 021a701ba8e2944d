import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Snippet } from "./snippets.ts";

/** Where snippets become files: inside the package, so that its dependencies are found. */
const SNIPPETS_FOLDER = join(dirname(dirname(import.meta.dirname)), ".snippets");

/** The file of a snippet. */
export function fileOf({ name }: Snippet, ending: "ts" | "mjs"): string {
  return join(SNIPPETS_FOLDER, `${name.replaceAll(/[^a-zA-Z0-9]+/g, "-")}.${ending}`);
}

/** Type-checks all snippets as one program. Returns the errors of each, by its name. */
export function checkTypes(snippets: readonly Snippet[]): ReadonlyMap<string, string[]> {
  rmSync(SNIPPETS_FOLDER, { recursive: true, force: true });
  mkdirSync(SNIPPETS_FOLDER);
  for (const snippet of snippets) writeFileSync(fileOf(snippet, "ts"), snippet.code);
  const byFile = new Map(snippets.map((snippet) => [fileOf(snippet, "ts"), snippet]));
  const program = ts.createProgram([...byFile.keys()], compilerOptions());
  const errors = new Map<string, string[]>(snippets.map(({ name }) => [name, []]));
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const snippet = byFile.get(diagnostic.file?.fileName ?? "");
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (snippet === undefined) throw new Error(`${diagnostic.file?.fileName}: ${message}`);
    const { line } = ts.getLineAndCharacterOfPosition(diagnostic.file!, diagnostic.start ?? 0);
    errors.get(snippet.name)!.push(`line ${line - snippet.linesBefore + snippet.line}: ${message}`);
  }
  return errors;
}

/** The options of the repository's packages, for a program that may be of Node or of a page. */
function compilerOptions(): ts.CompilerOptions {
  const base = join(SNIPPETS_FOLDER, "../../tsconfig.base.json");
  const { config } = ts.readConfigFile(base, ts.sys.readFile) as { config: { compilerOptions: object } };
  const json = {
    ...config.compilerOptions,
    lib: ["ES2022", "ESNext.Disposable", "DOM", "DOM.Iterable"],
    types: ["node"],
  };
  return ts.convertCompilerOptionsFromJson(json, join(SNIPPETS_FOLDER, "..")).options;
}

/** The snippet as JavaScript that Node 20 runs. */
export function toJavaScript(code: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

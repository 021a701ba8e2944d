import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository's folder. */
export const REPOSITORY = dirname(dirname(dirname(import.meta.dirname)));

/** A Markdown file. */
export interface Page {
  /** Its path in the repository. */
  readonly path: string;
  readonly text: string;
}

const IGNORED = new Set([
  "node_modules",
  "dist",
  ".turbo",
  ".git",
  ".cache",
  ".site",
  ".snippets",
  "third_party",
]);

/** Every Markdown file of the repository, save changelogs and notes of changes. */
export function readPages(): Page[] {
  return list("")
    .filter(
      (path) => path.endsWith(".md") && !path.endsWith("CHANGELOG.md") && !path.startsWith(".changeset"),
    )
    .sort()
    .map((path) => ({ path, text: readFileSync(join(REPOSITORY, path), "utf8") }));
}

function list(folder: string): string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true })
    .filter(({ name }) => !IGNORED.has(name))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? list(path) : [path];
    });
}

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Page, REPOSITORY } from "./pages.ts";

/** Whether a page is written for users: not for those who work on the repository, and no note on a decision. */
export function isForUsers({ path }: Page): boolean {
  if (path.startsWith("docs/")) return !path.startsWith("docs/decisions/");
  if (path === "README.md") return true;
  return path.startsWith("packages/") && path.endsWith("/README.md") && isPublic(dirname(path));
}

function isPublic(folder: string): boolean {
  const manifest = join(REPOSITORY, folder, "package.json");
  return existsSync(manifest) && !JSON.parse(readFileSync(manifest, "utf8")).private;
}

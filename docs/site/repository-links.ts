// Links that name a file of the repository in full, as READMEs must that are read on a package registry.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./sections.ts";

const { repository } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
  repository: { url: string };
};

/** Where the sources can be read. */
export const SOURCE_URL = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");

/** The path in the repository, with its anchor, that a link names in full; undefined for every other link. */
export function repositoryPathOf(target: string): string | undefined {
  return ["blob", "tree"]
    .map((kind) => `${SOURCE_URL}/${kind}/main/`)
    .filter((start) => target.startsWith(start))
    .map((start) => target.slice(start.length))[0];
}

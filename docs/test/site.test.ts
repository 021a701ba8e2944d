import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { llmsTxt } from "../site/llms.ts";
import { SOURCE_URL } from "../site/repository-links.ts";
import { PAGES } from "../site/sections.ts";
import { isForUsers } from "./support/documented.ts";
import { anchorsOf, linksOf } from "./support/links.ts";
import { type Page, REPOSITORY, readPages } from "./support/pages.ts";

const pages = readPages();
const byPath = new Map(pages.map((page) => [page.path, page]));

const linking = pages.filter((page) => isForUsers(page) || PAGES.includes(page.path));

describe("links in Markdown", () => {
  it.each(linking.filter((page) => linksOf(page).length > 0))("lead somewhere: $path", (page) => {
    expect(linksOf(page).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });

  it("would be found if they led nowhere", () => {
    const page = {
      path: "docs/guide/x.md",
      text: `[a](gone.md) [b](auth.md#gone) [c](auth.md#from-a-function) [d](${SOURCE_URL}/blob/main/gone.md)
        [e](${SOURCE_URL}/tree/main/packages/core) [f](https://example.com)`,
    };
    const holds = linksOf(page).map((target) => leadsSomewhere(page, target));
    expect(holds).toEqual([false, false, true, false, true]);
  });
});

describe("the site", () => {
  it("has every page of docs/", () => {
    const written = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
    expect(written.filter((path) => path !== "docs/index.md" && !PAGES.includes(path))).toEqual([]);
  });

  it("is listed in llms.txt as it is: `pnpm --filter @vectron/docs llms` writes it again", () => {
    expect(readFileSync(join(REPOSITORY, "llms.txt"), "utf8")).toBe(llmsTxt((file) => file));
  });
});

function leadsSomewhere(page: Page, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  // The first page of the site has links of the site.
  const linked = path.startsWith("/")
    ? `docs${path}.md`
    : posix.normalize(path === "" ? page.path : posix.join(posix.dirname(page.path), path));
  if (!existsSync(join(REPOSITORY, linked))) return false;
  if (anchor === undefined) return true;
  const isFolder = statSync(join(REPOSITORY, linked)).isDirectory();
  const found = byPath.get(isFolder ? posix.join(linked, "README.md") : linked);
  return found !== undefined && anchorsOf(found).has(anchor);
}

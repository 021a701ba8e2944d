// Reads pages: their titles, what they are about, and their text with links that hold on the site.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { repositoryPathOf, SOURCE_URL } from "./repository-links.ts";
import { PAGES, PICTURES, REPOSITORY, sitePathOf } from "./sections.ts";

/** A page, as it is in the repository. */
export interface SourcePage {
  /** Its path in the repository. */
  readonly file: string;
  readonly text: string;
  readonly title: string;
  /** Its first sentence, without Markdown. */
  readonly summary: string;
}

/** Reads a page: `file` is its path in the repository. */
export function readPage(file: string): SourcePage {
  const text = readFileSync(join(REPOSITORY, file), "utf8");
  const [, title = file, rest = text] = /^# (.+)\n([\s\S]*)$/m.exec(text) ?? [];
  return { file, text, title, summary: firstSentence(rest.replaceAll(/^```[\s\S]*?^```$|^<.*>$/gm, "")) };
}

/** The first sentence of the first paragraph, without Markdown. */
function firstSentence(text: string): string {
  const paragraph = text.split(/\n\s*\n/).find((block) => /^\s*[A-Z`[]/.test(block)) ?? "";
  const plain = paragraph
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
  return /^.*?\.(?= |$)/.exec(plain)?.[0] ?? plain.replace(/:$/, ".");
}

/** The text of a page with its links to other files turned into links of the site, or to the source. */
export function withSiteLinks({ file, text }: SourcePage): string {
  const parts = text.split(/(^```[\s\S]*?^```$)/m);
  return parts
    .map((part) =>
      part.startsWith("```")
        ? part
        : part.replaceAll(/\]\(([^)\s]+)\)/g, (link, target) => siteLink(file, link, target)),
    )
    .join("");
}

function siteLink(file: string, link: string, target: string): string {
  const named = repositoryPathOf(target);
  if (named === undefined && /^(#|\/|[a-z]+:)/.test(target)) return link;
  const [path = "", anchor = ""] = (named ?? posix.join(posix.dirname(file), target)).split(/(?=#)/);
  const linked = posix.normalize(path);
  if (!existsSync(join(REPOSITORY, linked)))
    throw new Error(`${file} links to ${target}, which is not there`);
  if (linked.startsWith(`${PICTURES}/`)) return `](/${linked})`;
  const isFolder = statSync(join(REPOSITORY, linked)).isDirectory();
  const page = isFolder ? posix.join(linked, "README.md") : linked;
  if (PAGES.includes(page)) return `](/${sitePathOf(page)}${anchor})`;
  return `](${SOURCE_URL}/${isFolder ? "tree" : "blob"}/main/${linked.replace(/\/$/, "")}${anchor})`;
}

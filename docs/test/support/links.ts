import { posix } from "node:path";
import { repositoryPathOf } from "../../site/repository-links.ts";
import type { Page } from "./pages.ts";

/** The targets of a page's links to other files and to its own headings, relative to the page. */
export function linksOf({ path, text }: Page): string[] {
  const prose = withoutCode(text);
  const targets = [
    ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!),
    ...[...prose.matchAll(/^\s+link: (\S+)$/gm)].map(([, target]) => target!),
  ];
  return targets
    .map((target) => {
      const named = repositoryPathOf(target);
      return named === undefined ? target : posix.relative(posix.dirname(path), named);
    })
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What links can name in a page: its headings, as GitHub and the site make anchors of them. */
export function anchorsOf({ text }: Page): ReadonlySet<string> {
  const headings = [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(headings.map(toAnchor));
}

function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, "");
}

// llms.txt: what there is to read, for language models (https://llmstxt.org).
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPage } from "./pages.ts";
import { REPOSITORY, SECTIONS } from "./sections.ts";

const HEAD = `# Vectron for TypeScript

> The client of the Vectron vector database for Node, Bun, Deno, browsers and edge workers, with an embedded engine that needs no
> server. It stores points (an id, a vector, a payload of strings) in collections and finds the nearest ones; scores are distances,
> lower is nearer. It has no filters, counts or scans.
`;

/**
 * The list of all pages.
 *
 * @param linkOf - where a page is, by its path in the repository
 */
export function llmsTxt(linkOf: (file: string) => string): string {
  const sections = SECTIONS.map(({ text, files }) => {
    const lines = files
      .map(readPage)
      .map(({ file, title, summary }) => `- [${title}](${linkOf(file)}): ${summary}`);
    return `## ${text}\n\n${lines.join("\n")}\n`;
  });
  return [HEAD, ...sections].join("\n");
}

/** All that users need to read, as one text. */
export function llmsFullTxt(): string {
  const files = SECTIONS.filter(({ text }) => text !== "The project").flatMap((section) => section.files);
  return [HEAD, ...files.map((file) => readPage(file).text)].join("\n");
}

/** Writes the list that is in the repository, with links for those who read there. */
export function writeRepositoryList(): void {
  const list = llmsTxt((file) => file);
  writeFileSync(join(REPOSITORY, "llms.txt"), list);
}

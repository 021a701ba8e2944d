// Which files of the repository are pages of the site, in which order, and where each goes.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Pages that belong together. */
export interface Section {
  readonly text: string;
  /** Paths in the repository. */
  readonly files: readonly string[];
}

/** The repository's folder. */
export const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const guides = (...names: string[]) => names.map((name) => `docs/guide/${name}.md`);
const decisions = readdirSync(join(REPOSITORY, "docs/decisions")).sort();

const ALL_SECTIONS: readonly Section[] = [
  {
    text: "Guides",
    files: [
      ...guides(
        "get-started",
        "choosing-a-package",
        "searching",
        "errors-and-retries",
        "deadlines-and-cancellation",
        "bulk-loading",
        "typed-payloads",
        "auth",
        "browsers-and-edge",
        "embedded-engine",
        "testing",
        "operations-and-tuning",
        "what-vectron-cannot-do",
        "integrations",
      ),
      "docs/cli.md",
    ],
  },
  {
    text: "Migrating",
    files: guides(
      "migrating-from-python",
      "migrating-from-pinecone",
      "migrating-from-qdrant",
      "migrating-from-chroma",
    ),
  },
  {
    text: "Packages",
    files: ["node", "web", "local", "core", "langchain", "cli"].map((name) => `packages/${name}/README.md`),
  },
  {
    text: "Measured",
    files: ["docs/compatibility.md", "docs/fault-matrix.md", "benchmarks/RESULTS.md"],
  },
  {
    text: "The project",
    files: [
      "CONTRIBUTING.md",
      "docs/releases.md",
      "SECURITY.md",
      "CODE_OF_CONDUCT.md",
      ...decisions.map((name) => `docs/decisions/${name}`),
    ],
  },
];

/** The sections of the site, each with the files that are there. */
export const SECTIONS: readonly Section[] = ALL_SECTIONS.map(({ text, files }) => ({
  text,
  files: files.filter((file) => existsSync(join(REPOSITORY, file))),
}));

/** The folder of the pictures that pages show, in the repository and on the site. */
export const PICTURES = "benchmarks/charts";

/** Every page but the first: files by their path in the repository. */
export const PAGES: readonly string[] = SECTIONS.flatMap(({ files }) => files);

/** Where a file of the repository is on the site, without a leading slash. */
export function sitePathOf(file: string): string {
  return file
    .replace(/^docs\//, "")
    .replace(/^packages\/(\w+)\/README\.md$/, "packages/$1.md")
    .replace(/^benchmarks\/RESULTS\.md$/, "benchmarks.md")
    .replace(/^(CONTRIBUTING|SECURITY|CODE_OF_CONDUCT)\.md$/, (name) => name.toLowerCase());
}

// Builds the documentation site into docs/.site/dist: the pages of the repository, and the reference from the sources'
// comments. Needs no network. A link that leads nowhere fails the build.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Application, Converter } from "typedoc";
import { build } from "vitepress";
import { llmsFullTxt, llmsTxt, writeRepositoryList } from "./llms.ts";
import { readPage, withSiteLinks } from "./pages.ts";
import { PAGES, PICTURES, REPOSITORY, sitePathOf } from "./sections.ts";

const DOCS = join(REPOSITORY, "docs");
const SITE = join(DOCS, ".site");
const STAGED = join(SITE, "pages");

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function stagePages(): void {
  rmSync(SITE, { recursive: true, force: true });
  for (const file of ["docs/index.md", ...PAGES]) {
    write(join(STAGED, sitePathOf(file)), withSiteLinks(readPage(file)));
  }
  cpSync(join(REPOSITORY, PICTURES), join(STAGED, "public", PICTURES), { recursive: true });
}

async function writeReference(): Promise<void> {
  const app = await Application.bootstrapWithPlugins({ options: join(DOCS, "typedoc.json") });
  // Modules are called by what users import, not by where their sources are.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      module.name = module.name.replace(/^(\w+)\/src\b/, "@vectron/$1");
    }
  });
  const project = await app.convert();
  if (project === undefined) throw new Error("the sources could not be read for the reference");
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error("the reference has errors or warnings");
}

function writeTexts(): void {
  const dist = join(SITE, "dist");
  // The pages as they are, for language models; VitePress has copied what is public.
  cpSync(STAGED, dist, { recursive: true, filter: (path) => path !== join(STAGED, "public") });
  write(
    join(dist, "llms.txt"),
    llmsTxt((file) => `/${sitePathOf(file)}`),
  );
  write(join(dist, "llms-full.txt"), llmsFullTxt());
  writeRepositoryList();
}

stagePages();
await writeReference();
await build(DOCS);
writeTexts();

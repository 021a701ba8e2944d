import { defineConfig } from "vitepress";
import { readPage } from "../site/pages.ts";
import { SECTIONS, sitePathOf } from "../site/sections.ts";

/** The sidebar: every section with its pages, then the reference. */
const sidebar = [
  ...SECTIONS.map(({ text, files }) => ({
    text,
    collapsed: text === "The project",
    // As text, not as Markdown.
    items: files.map((file) => ({
      text: readPage(file).title.replaceAll("`", ""),
      link: `/${sitePathOf(file)}`,
    })),
  })),
  { text: "Reference", items: [{ text: "All modules", link: "/reference/" }] },
];

export default defineConfig({
  title: "Vectron for TypeScript",
  description: "The client of the Vectron vector database, with an embedded engine",
  // None of its own: browsers would ask for one all the same.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcDir: ".site/pages",
  outDir: ".site/dist",
  cacheDir: ".site/cache",
  transformPageData(page) {
    // Two snippets beside each other need the room of the outline.
    if (page.relativePath.startsWith("guide/migrating-")) page.frontmatter.aside = false;
  },
  themeConfig: {
    nav: [
      { text: "Guides", link: "/guide/get-started" },
      { text: "Compatibility", link: "/compatibility" },
      { text: "Fault matrix", link: "/fault-matrix" },
      { text: "Reference", link: "/reference/" },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
  },
});

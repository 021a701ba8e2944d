// What a page that uses a client costs to download: bundles one page for each
// entry of the built package, everything included, minified and compressed with
// gzip, and fails when one is above its budget.
//
//   node scripts/size.mjs            the table, against size-budget.json
//   node scripts/size.mjs json       the biggest modules of one page
//   node scripts/size.mjs --json     the table as JSON, for programs

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/experimental";

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGES = dirname(PACKAGE);
const PAGES = join(PACKAGE, "scripts/pages");

/** @typedef {{ maxBytes?: number, maxBytesAbovePlain?: number }} Budget */

/** @type {Record<string, Budget>} */
const BUDGETS = JSON.parse(readFileSync(join(PACKAGE, "size-budget.json"), "utf8"));

/** @param {string} code */
function gzipBytes(code) {
  return gzipSync(code, { level: 9 }).byteLength;
}

/**
 * Bundles a page as a browser would load it.
 *
 * @param {string} file
 * @param {{ minify: boolean, alias?: Record<string, string> }} options
 */
async function bundle(file, { minify, alias }) {
  const build = await rolldown({ input: join(PAGES, file), platform: "browser", resolve: { alias } });
  try {
    const { output } = await build.generate({ minify });
    return output.filter((item) => item.type === "chunk");
  } finally {
    await build.close();
  }
}

/**
 * The size of what a page loads before its first call: what it imports
 * dynamically is not part of it.
 *
 * @param {string} file
 */
async function measure(file) {
  const chunks = await bundle(file, { minify: true });
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of loaded) {
    for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
      loaded.add(imported);
  }
  const code = chunks.filter(({ fileName }) => loaded.has(fileName)).map((chunk) => chunk.code);
  return { minified: code.join("").length, gzip: code.reduce((sum, text) => sum + gzipBytes(text), 0) };
}

/** Every entry with its size and its budget, in bytes. */
async function measureEntries() {
  const rows = [];
  for (const [entry, { maxBytes, maxBytesAbovePlain }] of Object.entries(BUDGETS)) {
    const { minified, gzip } = await measure(`${entry}.js`);
    const plain = maxBytesAbovePlain === undefined ? undefined : (await measure(`plain-${entry}.ts`)).gzip;
    const budget = maxBytes ?? (plain ?? 0) + (maxBytesAbovePlain ?? 0);
    rows.push({ entry, minified, gzip, plain, budget, over: Math.max(0, gzip - budget) });
  }
  return rows;
}

async function printTable() {
  const rows = await measureEntries();
  console.table(rows.map((row) => ({ ...row, plain: row.plain ?? "" })));
  const over = rows.filter((row) => row.over > 0);
  for (const row of over) console.error(`${row.entry} is ${row.over} bytes over its budget of ${row.budget}`);
  if (over.length > 0) process.exitCode = 1;
}

/**
 * The modules of a page in the sources of this repository, each minified and
 * compressed by itself: together they are larger than the page.
 *
 * @param {string} entry
 */
async function printModules(entry) {
  const core = join(PACKAGES, "core/src");
  const alias = {
    "@vectron/core/wire": join(core, "wire/index.ts"),
    "@vectron/core/connect": join(core, "connect/index.ts"),
    "@vectron/core": join(core, "index.ts"),
    "@vectron/web": join(PACKAGE, "src", entry === "main" ? "index.ts" : ""),
  };
  const chunks = await bundle(`${entry}.js`, { minify: false, alias });
  const rows = chunks
    .flatMap((chunk) => Object.entries(chunk.modules))
    .map(([id, { code }]) => {
      const { code: minified } = minifySync(id, code ?? "", { module: true, compress: false });
      return { module: relative(PACKAGES, id), minified: minified.length, gzip: gzipBytes(minified) };
    });
  console.table(rows.sort((a, b) => b.gzip - a.gzip).slice(0, 60));
}

if (!existsSync(join(PACKAGE, "dist"))) throw new Error("build @vectron/web first");
const [entry] = process.argv.slice(2);
if (entry === undefined) await printTable();
else if (entry === "--json") console.log(JSON.stringify(await measureEntries()));
else if (entry in BUDGETS) await printModules(entry);
else throw new Error(`no entry ${entry}; there are ${Object.keys(BUDGETS).join(", ")}`);

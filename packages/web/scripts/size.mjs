// What a page that uses a client costs to download: bundles one page for each
// entry of the built package, everything included, minified and compressed with
// gzip, and fails when one loads more at start than its budget.
//
//   node scripts/size.mjs            the tables, against size-budget.json
//   node scripts/size.mjs json       the biggest modules of one page
//   node scripts/size.mjs --json     the table as JSON, for programs
//   node scripts/size.mjs --write    also writes the tables into the README

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/experimental";

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGES = dirname(PACKAGE);
const PAGES = join(PACKAGE, "scripts/pages");
const README = join(PACKAGE, "README.md");
/** What is smaller is glue of the bundler. */
const LEAST_PIECE_BYTES = 200;

/**
 * What an entry may load at start, in bytes: a bound that is lowered whenever the
 * entry shrinks, and what it is meant to come to, by itself or above the same call
 * made with connect-web and protobuf-es alone.
 *
 * @typedef {{ maxBytes: number, targetBytes?: number, targetBytesAbovePlain?: number }} Budget
 */

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
 * The size of what a page loads before its first call, and of each piece that it
 * may load later.
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
  const start = chunks.filter(({ fileName }) => loaded.has(fileName)).map(({ code }) => code);
  const later = chunks.filter(({ fileName }) => !loaded.has(fileName));
  return {
    minified: start.join("").length,
    gzip: start.reduce((sum, text) => sum + gzipBytes(text), 0),
    onDemand: later
      .map(({ name, code }) => ({ name, gzip: gzipBytes(code) }))
      .filter(({ gzip }) => gzip >= LEAST_PIECE_BYTES)
      .sort((x, y) => y.gzip - x.gzip),
  };
}

/** Every entry with its size and its budget, in bytes. */
async function measureEntries() {
  const rows = [];
  for (const [entry, { maxBytes, targetBytes, targetBytesAbovePlain }] of Object.entries(BUDGETS)) {
    const { minified, gzip, onDemand } = await measure(`${entry}.js`);
    const plain = targetBytesAbovePlain === undefined ? undefined : (await measure(`plain-${entry}.ts`)).gzip;
    const target = targetBytes ?? (plain ?? 0) + (targetBytesAbovePlain ?? 0);
    const over = Math.max(0, gzip - maxBytes);
    rows.push({ entry, minified, gzip, plain, budget: maxBytes, target, over, onDemand });
  }
  return rows;
}

async function printTables(/** @type {boolean} */ write) {
  const rows = await measureEntries();
  console.table(rows.map(({ onDemand, ...row }) => ({ ...row, plain: row.plain ?? "" })));
  for (const { entry, onDemand } of rows) {
    console.log(
      `${entry} loads on demand: ${onDemand.map(({ name, gzip }) => `${name} ${gzip}`).join(", ")}`,
    );
  }
  if (write) writeReadme(rows);
  const over = rows.filter((row) => row.over > 0);
  for (const row of over) console.error(`${row.entry} is ${row.over} bytes over its budget of ${row.budget}`);
  if (over.length > 0) process.exitCode = 1;
}

/**
 * Puts the figures between the marks in the README.
 *
 * @param {Awaited<ReturnType<typeof measureEntries>>} rows
 */
function writeReadme(rows) {
  const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const sum = (/** @type {{ gzip: number }[]} */ pieces) =>
    pieces.reduce((total, { gzip }) => total + gzip, 0);
  const entries = rows.map(({ entry, gzip, target, onDemand }) => {
    const name = entry === "main" ? "@vectron/web" : `@vectron/web/${entry}`;
    return `| \`${name}\` | ${kB(gzip)} | ${kB(target)} | ${kB(sum(onDemand))} in ${onDemand.length} pieces |`;
  });
  const table = ["| entry | at start | target | on demand |", "|---|--:|--:|--:|", ...entries].join("\n");
  const text = readFileSync(README, "utf8");
  const written = text.replace(/(<!-- sizes -->\n)[\s\S]*?(\n<!-- \/sizes -->)/, `$1${table}$2`);
  writeFileSync(README, written);
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
const [what] = process.argv.slice(2);
if (what === undefined || what === "--write") await printTables(what === "--write");
else if (what === "--json") console.log(JSON.stringify(await measureEntries()));
else if (what in BUDGETS) await printModules(what);
else throw new Error(`no entry ${what}; there are ${Object.keys(BUDGETS).join(", ")}`);

// Writes all code that is generated from proto/. With --check it writes
// nothing and fails if what is in the tree is not what would be written, if the
// proto files break a lint rule, or if they break the published contract.

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PLUGIN = "tools/protoc-gen-vectron";
const SHIPPED = "packages/core/src/gen";
/** The folders that hold generated files and nothing else. */
const OUTPUTS = [
  SHIPPED,
  "packages/protobuf-reference/src/gen",
  "packages/local/src/server/grpc/gen",
  "benchmarks/src/gen",
];

/** A tool that failed; its output says why. */
class ToolError extends Error {}

/**
 * Runs a tool of the workspace, silently unless it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 */
function run(command, args, cwd = ROOT) {
  const tool = join(ROOT, "node_modules/.bin", command);
  const { status, stdout, stderr, error } = spawnSync(tool, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new ToolError(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
}

/**
 * Every file under a folder with its text, by path from `root` with forward slashes.
 *
 * @param {string} root
 * @param {string} folder
 * @param {Map<string, string>} files
 */
function collect(root, folder, files = new Map()) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(root, path, files);
    else files.set(path.split(sep).join("/"), readFileSync(join(root, path), "utf8"));
  }
  return files;
}

/**
 * Generates everything into an empty folder.
 *
 * @param {string} target
 */
async function generateInto(target) {
  run("tsdown", [], join(ROOT, PLUGIN));
  run("buf", ["lint"]);
  run("buf", ["generate", "--output", target]);
  run("buf", ["generate", "--template", "benchmarks/buf.gen.yaml", "--output", target]);
  run("buf", ["generate", "--template", "buf.gen.server.yaml", "--output", target]);

  const { opaqueImage } = await import("../tools/protoc-gen-vectron/dist/opaque-image.js");
  const image = join(target, "image.binpb");
  run("buf", ["build", "proto", "--as-file-descriptor-set", "--output", image]);
  writeFileSync(image, opaqueImage(readFileSync(image)));
  run("buf", ["generate", image, "--template", "buf.gen.opaque.yaml", "--output", target]);

  run("biome", [
    "format",
    "--write",
    `--config-path=${PLUGIN}/output-format.json`,
    "--log-level=error",
    join(target, SHIPPED),
  ]);
}

/**
 * The generated files of a tree, by path.
 *
 * @param {string} root
 */
function outputs(root) {
  const files = new Map();
  for (const folder of OUTPUTS) {
    if (existsSync(join(root, folder))) collect(root, folder, files);
  }
  return files;
}

/**
 * The paths at which two trees differ, each with the text it should have.
 *
 * @param {Map<string, string>} wanted
 * @param {Map<string, string>} found
 */
function differences(wanted, found) {
  const paths = [...new Set([...wanted.keys(), ...found.keys()])].sort();
  return paths
    .filter((path) => wanted.get(path) !== found.get(path))
    .map((path) => ({ path, text: wanted.get(path) }));
}

/** @param {{ path: string, text: string | undefined }} file */
function write({ path, text }) {
  if (text === undefined) return rmSync(join(ROOT, path));
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

/** @param {{ path: string }[]} changed */
function report(changed) {
  if (changed.length === 0) return;
  console.error(`generated code is out of date:\n${changed.map(({ path }) => `  ${path}`).join("\n")}`);
  console.error("to fix it: npm run generate");
  process.exitCode = 1;
}

const target = mkdtempSync(join(tmpdir(), "vectron-generate-"));
try {
  await generateInto(target);
  const changed = differences(outputs(target), outputs(ROOT));
  if (process.argv.includes("--check")) {
    run("buf", ["breaking", "--against", "proto/baseline.binpb"]);
    report(changed);
  } else {
    changed.forEach(write);
    console.log(`generate: ${changed.length === 0 ? "nothing changed" : `${changed.length} files written`}`);
  }
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(target, { recursive: true, force: true });
}

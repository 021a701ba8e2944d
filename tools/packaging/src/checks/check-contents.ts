import { posix } from "node:path";
import { type PackedPackage, packedFiles, packedText } from "../packages/pack.ts";

/** What every package brings. The changelog is there from the first release on. */
const REQUIRED = ["package.json", "README.md", "LICENSE"];
/** What a package may contain beside those. */
const ALLOWED = /^(bin|dist|src)\/|^CHANGELOG\.md$/;
const NOT_FOR_USERS = /(^|\/)(test|tests|fixtures|node_modules)\/|\.test\.|\.tsbuildinfo$|\.api\.md$/;

/** The files of a package: all that a user needs, and nothing else. */
export function checkContents(packed: PackedPackage): string[] {
  const files = packedFiles(packed);
  return [
    ...REQUIRED.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files
      .filter((file) => !REQUIRED.includes(file))
      .filter((file) => !ALLOWED.test(file) || NOT_FOR_USERS.test(file))
      .map((file) => `${file} is not for users`),
    ...(files.includes("README.md") ? checkReadme(packed) : []),
    ...checkSourceMaps(packed, files),
  ];
}

/** A registry shows the README where the files that it could link to are not. */
function checkReadme(packed: PackedPackage): string[] {
  const prose = packedText(packed, "README.md").replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^(#|https:)/.test(target))
    .map((target) => `README.md links to ${target}, which a registry has not`);
}

/** Every file of code has a source map, and every map leads to sources in the package, and does not repeat them. */
function checkSourceMaps(packed: PackedPackage, files: readonly string[]): string[] {
  const known = new Set(files);
  const unmapped = files
    .filter((file) => file.startsWith("dist/") && /\.c?js$/.test(file) && !known.has(`${file}.map`))
    .filter((file) => isWritten(file, packedText(packed, file)))
    .map((file) => `${file} has no source map`);
  const astray = files
    .filter((file) => file.startsWith("dist/") && file.endsWith(".map"))
    .flatMap((file) =>
      sourcesOf(packed, file)
        .filter((source) => !known.has(source))
        .map((source) => `${file} leads to ${source}, which is not in the package`),
    );
  const repeating = files
    .filter((file) => file.startsWith("dist/") && file.endsWith("js.map"))
    .filter((file) => sourceMapOf(packed, file).sourcesContent !== undefined)
    .map((file) => `${file} holds its sources, which are in the package anyway`);
  return [...unmapped, ...astray, ...repeating];
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly string[];
}

function sourceMapOf(packed: PackedPackage, file: string): SourceMap {
  return JSON.parse(packedText(packed, file)) as SourceMap;
}

function sourcesOf(packed: PackedPackage, file: string): string[] {
  return sourceMapOf(packed, file).sources.map((source) => posix.join(posix.dirname(file), source));
}

/** Whether a file holds code that somebody wrote: not the bundler's own helpers, and not only names passed on. */
function isWritten(file: string, code: string): boolean {
  if (posix.basename(file).startsWith("rolldown-runtime.")) return false;
  return code
    .replaceAll(/^Object\.defineProperty\(exports, [\s\S]*?\}\);$/gm, "")
    .split("\n")
    .some((line) => line !== "" && !PASSES_ON.test(line));
}

/** A line of a file that only passes on what other files export. */
const PASSES_ON = /^(import .*;|export \{.*\};|(const|let) \w+ = require\(.*\);|exports\.\w+ = .*;)$/;

import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** On what a section was measured. */
export interface Environment {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Version of each package that was asked for. */
  readonly packages: Readonly<Record<string, string>>;
}

export function describeEnvironment(packages: readonly string[]): Environment {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    processors: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

const HERE = dirname(fileURLToPath(import.meta.url));

/** The installed version; `exports` maps often hide package.json, so it is looked for where Node would. */
function versionOf(name: string): string {
  for (let folder = HERE; ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
    } catch (error) {
      if (folder === dirname(folder)) throw new Error(`${name} is not installed`, { cause: error });
    }
  }
}

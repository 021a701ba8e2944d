import { join } from "node:path";
import type { Manifest } from "../packages/manifest.ts";
import { type PackedPackage, packedManifest } from "../packages/pack.ts";
import { ROOT, readManifest } from "../packages/workspace.ts";

/** Scripts that npm runs on the machine of whoever installs a package. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepare", "prepublish"];

/** What a registry and its users are told about a package. */
export function checkManifest(packed: PackedPackage): string[] {
  const manifest = packedManifest(packed);
  return [...checkFields(manifest, packed.folder), ...checkDependencies(manifest)];
}

function checkFields(manifest: Manifest, folder: string): string[] {
  const root = readManifest(ROOT);
  const directory = folder.slice(join(ROOT, "/").length);
  const { repository, publishConfig } = manifest;
  const wanted: [string, boolean, string][] = [
    ["description", (manifest.description ?? "").length > 0, "a sentence"],
    ["keywords", (manifest.keywords ?? []).length > 0, "words to be found by"],
    ["license", manifest.license === root.license, `${root.license}`],
    ["homepage", manifest.homepage?.startsWith("https://") === true, "an https URL"],
    ["bugs.url", manifest.bugs?.url?.startsWith("https://") === true, "an https URL"],
    ["type", manifest.type === "module", "module"],
    ["sideEffects", manifest.sideEffects === false, "false"],
    ["engines.node", manifest.engines?.node === root.engines?.node, `${root.engines?.node}`],
    ["repository.url", repository?.url === root.repository?.url, `${root.repository?.url}`],
    ["repository.directory", repository?.directory === directory, directory],
    ["publishConfig.access", publishConfig?.access === "public", "public"],
    ["publishConfig.provenance", publishConfig?.provenance === true, "true"],
    ["bundledDependencies", manifest.bundledDependencies === undefined, "nothing"],
  ];
  const scripts = INSTALL_SCRIPTS.filter((script) => manifest.scripts?.[script] !== undefined);
  return [
    ...wanted
      .filter(([, holds]) => !holds)
      .map(([field, , value]) => `package.json: ${field} must be ${value}`),
    ...scripts.map((script) => `package.json: the script ${script} would run at a user's installation`),
  ];
}

/** Dependencies are ranges of versions: of the registry, and wide enough for users to get fixes and share copies. */
function checkDependencies(manifest: Manifest): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.entries({ ...dependencies, ...optionalDependencies, ...peerDependencies })
    .filter(([, range]) => !/^(\^|~|>=)\d/.test(range))
    .map(
      ([name, range]) => `package.json: the dependency ${name} is ${range}, which is no range of versions`,
    );
}

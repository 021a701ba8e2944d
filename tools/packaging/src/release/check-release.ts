import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PackedPackage, packedFiles, packedManifest, packedText } from "../packages/pack.ts";
import { ROOT } from "../packages/workspace.ts";
import type { Rehearsal, ReleasePlan } from "./rehearse.ts";

/** What must hold of the packages of one release together. */
export function checkRelease({ plan, packages }: Rehearsal): string[] {
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  return [
    ...checkMajors(plan),
    ...checkFixedGroups(versions),
    ...packages.flatMap((packed) =>
      [...checkChangelog(packed), ...checkSiblings(packed, versions)].map(
        (problem) => `${packed.name}: ${problem}`,
      ),
    ),
  ];
}

/** A major version is asked for: it does not come of itself, as with a dependency that a package shares with its users. */
function checkMajors({ changesets, releases }: ReleasePlan): string[] {
  const asked = changesets.flatMap((changeset) => changeset.releases).filter(({ type }) => type === "major");
  return releases
    .filter(({ name, type }) => type === "major" && !asked.some((bump) => bump.name === name))
    .map(
      ({ name, oldVersion, newVersion }) =>
        `${name} would go from ${oldVersion} to ${newVersion}, and no changeset asks for a major version`,
    );
}

/** Packages that pass each other's classes on are of one version. */
function checkFixedGroups(versions: ReadonlyMap<string, string>): string[] {
  const config = JSON.parse(readFileSync(join(ROOT, ".changeset/config.json"), "utf8")) as {
    fixed: string[][];
  };
  return config.fixed
    .filter((group) => new Set(group.map((name) => versions.get(name))).size !== 1)
    .map((group) => `${group.join(", ")} must have one version`);
}

function checkChangelog(packed: PackedPackage): string[] {
  if (!packedFiles(packed).includes("CHANGELOG.md")) return ["CHANGELOG.md is not in the package"];
  const text = packedText(packed, "CHANGELOG.md");
  return text.includes(`\n## ${packed.version}\n`) ? [] : [`CHANGELOG.md says nothing of ${packed.version}`];
}

/** A dependency on a package of this repository admits the version that is released with it. */
function checkSiblings(packed: PackedPackage, versions: ReadonlyMap<string, string>): string[] {
  const { dependencies, optionalDependencies } = packedManifest(packed);
  return Object.entries({ ...dependencies, ...optionalDependencies }).flatMap(([name, range]) => {
    const version = versions.get(name);
    if (version === undefined || range === `^${version}`) return [];
    return [`depends on ${name} ${range}, and ^${version} is released`];
  });
}
